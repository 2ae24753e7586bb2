package io.s3dlio.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The same work on many items, so many at a time. Items are taken only when their turn has come.
 */
final class Jobs {

  /** What a cancelled job may take to give up what it has begun. */
  private static final int GRACE_SECONDS = 10;

  private Jobs() {}

  /**
   * Works on all items. Takes them on the calling thread, so that a listing goes on while its first
   * objects are worked on.
   *
   * @param width how many at a time
   * @param items in their order
   * @param job handles its own failures; one that it throws ends all
   * @throws IOException if the items cannot be had, or the calling thread is interrupted
   */
  static <T> void run(int width, Iterator<? extends T> items, Consumer<? super T> job)
      throws IOException {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(width, width, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    Semaphore free = new Semaphore(width);
    AtomicReference<Throwable> broken = new AtomicReference<>();
    boolean all = false;
    try {
      while (broken.get() == null && items.hasNext()) {
        T item = items.next();
        free.acquire();
        threads.execute(
            () -> {
              try {
                job.accept(item);
              } catch (RuntimeException | Error e) {
                broken.compareAndSet(null, e);
              } finally {
                free.release();
              }
            });
      }
      free.acquire(width);
      all = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("cancelled");
    } finally {
      end(threads, all);
    }
    if (broken.get() instanceof Error e) {
      throw e;
    }
    if (broken.get() instanceof RuntimeException e) {
      throw e;
    }
  }

  /**
   * Waits until nobody works any more: what the jobs use is closed next. The wait is bounded, and
   * no interrupt ends it.
   *
   * @param all whether what has begun is to be done
   */
  static void end(ExecutorService threads, boolean all) {
    if (all) {
      threads.shutdown();
    } else {
      threads.shutdownNow();
    }
    boolean interrupted = Thread.interrupted();
    try {
      threads.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
