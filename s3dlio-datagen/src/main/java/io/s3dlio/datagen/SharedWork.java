package io.s3dlio.datagen;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A range that all workers of a pool make together: each team one contiguous share of it, in
 * proportion to its threads, and of that each thread a piece after the other.
 */
final class SharedWork {

  /** Large enough that handing it out costs nothing, small enough that all threads end together. */
  static final int PIECE = 1 << 20;

  /**
   * The kernel may take memory in pages of 2 MiB: where shares are large, no such page is to be in
   * two of them, for it has one node.
   */
  static final int HUGE_PAGE = 2 << 20;

  private static final Logger LOG = System.getLogger("io.s3dlio.datagen");

  /** Makes the bytes of a part of the range, on any thread, at the same time as other parts. */
  @FunctionalInterface
  interface Task {
    void make(int from, int to);
  }

  private final Task task;
  private final long phase;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private SharedWork(Task task, long phase) {
    this.task = task;
    this.phase = phase;
  }

  /**
   * Returns when all is made, and nobody works on it any more. An interrupt does not end the wait
   * and stays set.
   *
   * @param phase how far into a block of the stream the range begins: cuts are made between two
   *     blocks, so that nobody makes the beginning of one for another
   */
  static void make(List<Workers> teams, long phase, int length, Task task) {
    SharedWork work = new SharedWork(task, phase);
    Share[] shares = new Share[teams.size()];
    long threads = teams.stream().mapToInt(Workers::threads).sum();
    long grain = length / shares.length >= 4 * HUGE_PAGE ? HUGE_PAGE : Pages.BLOCK;
    long begin = 0;
    long before = 0;
    int runs = 0;
    for (int i = 0; i < shares.length; i++) {
      before += teams.get(i).threads();
      long end = phase + length;
      if (before < threads) {
        long cut = end * before / threads;
        end = cut - cut % grain;
      }
      shares[i] = work.new Share(teams.get(i), begin, end);
      runs += shares[i].runs;
      begin = end;
    }
    CountDownLatch running = new CountDownLatch(runs);
    for (Share share : shares) {
      share.start(running);
    }
    awaitThrough(running);
    work.throwFailure();
  }

  private static void awaitThrough(CountDownLatch running) {
    boolean interrupted = false;
    while (true) {
      try {
        running.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void throwFailure() {
    Throwable cause = failure.get();
    if (cause instanceof RuntimeException exception) {
      throw exception;
    }
    if (cause instanceof Error error) {
      throw error;
    }
  }

  /** What one team makes. Positions count from the begin of the block that the range begins in. */
  private final class Share {

    private final Workers team;
    private final long end;
    private final int runs;
    private final AtomicLong next;

    Share(Workers team, long begin, long end) {
      this.team = team;
      this.end = end;
      this.runs = (int) Math.min(team.threads(), (end - begin + PIECE - 1) / PIECE);
      this.next = new AtomicLong(begin);
    }

    void start(CountDownLatch running) {
      for (int i = 0; i < runs; i++) {
        try {
          team.execute(() -> run(running));
        } catch (RejectedExecutionException | OutOfMemoryError e) {
          // Closed meanwhile, or no thread to be had: what was begun is brought to its end.
          LOG.log(Level.DEBUG, "the caller makes what a worker should have", e);
          run(running);
        }
      }
    }

    private void run(CountDownLatch running) {
      try {
        for (long at = take(); at < end && failure.get() == null; at = take()) {
          long to = Math.min(at + PIECE, end) - phase;
          task.make((int) Math.max(0, at - phase), (int) to);
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        running.countDown();
      }
    }

    private long take() {
      return next.getAndAdd(PIECE);
    }
  }
}
