package io.s3dlio.datagen;

import io.s3dlio.platform.Pinning;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of one team. They begin when there is work, and end when there is none for long. */
final class Workers implements AutoCloseable {

  private static final Logger LOG = System.getLogger("io.s3dlio.datagen");
  private static final long IDLE_SECONDS = 60;

  private final WorkerPlan.Team team;
  private final AtomicInteger number;
  private final ThreadPoolExecutor executor;

  /**
   * Starts nothing yet.
   *
   * @param number of the thread that was made last, which teams of a pool share
   */
  Workers(WorkerPlan.Team team, AtomicInteger number) {
    this.team = team;
    this.number = number;
    this.executor =
        new ThreadPoolExecutor(
            team.threads(),
            team.threads(),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            this::thread);
    executor.allowCoreThreadTimeOut(true);
  }

  int threads() {
    return team.threads();
  }

  boolean isClosed() {
    return executor.isShutdown();
  }

  /**
   * Runs work on one of the threads.
   *
   * @throws java.util.concurrent.RejectedExecutionException if closed
   */
  void execute(Runnable work) {
    executor.execute(work);
  }

  /** What is under way goes on to its end. */
  @Override
  public void close() {
    executor.shutdown();
  }

  private Thread thread(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                pin();
              } finally {
                work.run(); // whose waiters nobody else would answer
              }
            },
            "s3dlio-generator-" + number.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /** The pool was told what can be had, so a refusal now is news: a cpuset has changed, say. */
  private void pin() {
    if (team.node().isPresent()) {
      Pinning.Outcome outcome = Pinning.pin(team.cpus(), team.memoryNode());
      outcome
          .cpusRefused()
          .ifPresent(why -> LOG.log(Level.WARNING, "a generator thread is not pinned: " + why));
    }
  }
}
