package io.s3dlio.layer;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where requests begin that had to wait. Whoever ends a request does not begin another's: it may be
 * a network thread, and a local store does its work on the thread that asks. Threads are made when
 * needed and end after 10 s without work; there are at most as many at work as limits let through.
 */
final class Threads {

  /** Begins what had to wait. */
  static final Executor LATE = make();

  private Threads() {}

  private static Executor make() {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        10,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "s3dlio-layer-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
