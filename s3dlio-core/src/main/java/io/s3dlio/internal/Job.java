package io.s3dlio.internal;

import io.s3dlio.ObjectStoreException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Work begun before its result is needed: done by a thread of the store if one is free in time,
 * else by whoever waits for it. So it gets done where all threads of the store are busy, with
 * operations that wait for this one perhaps.
 */
final class Job implements Runnable {

  /** What there is to do; its requests belong to the scope. */
  interface Work {
    void run(Scope scope) throws ObjectStoreException;
  }

  private final Work work;
  private final Scope scope = new Scope();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Throwable failure;

  private Job(Work work) {
    this.work = work;
  }

  static Job begin(Engine engine, Work work) {
    Job job = new Job(work);
    engine.offer(job);
    return job;
  }

  @Override
  public void run() {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    try {
      work.run(scope);
    } catch (ObjectStoreException | RuntimeException | Error e) {
      failure = e;
    } finally {
      ended.countDown();
    }
  }

  /** Waits until it is done; an interrupt gives it up. */
  void await() throws ObjectStoreException {
    run();
    join();
    if (failure instanceof ObjectStoreException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /**
   * Gives it up; it is not running any more when this returns.
   *
   * @return false if it never ran and never will
   */
  boolean cancel() {
    if (begun.compareAndSet(false, true)) {
      ended.countDown();
      return false;
    }
    scope.cancel();
    join();
    return true;
  }

  /** Each request has its limit in time; giving them up makes the wait short. */
  private void join() {
    boolean interrupted = false;
    while (true) {
      try {
        ended.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        scope.cancel();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
