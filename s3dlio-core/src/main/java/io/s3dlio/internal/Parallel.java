package io.s3dlio.internal;

import io.s3dlio.ObjectStoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Tasks 0 to n - 1, run by the calling thread and by helpers. The caller works too, so all gets
 * done even where no helper is free: operations that run on the helpers' threads cannot block each
 * other.
 */
final class Parallel {

  /** One of the tasks. */
  interface Task {
    void run(int index, Scope scope) throws ObjectStoreException;
  }

  private final int count;
  private final Task task;
  private final Scope scope = new Scope();

  // Guarded by this.
  private int next;
  private int running;
  private Throwable failure;

  private Parallel(int count, Task task) {
    this.count = count;
    this.task = task;
  }

  static void run(Executor helpers, Scope outer, int width, int count, Task task)
      throws ObjectStoreException {
    Parallel work = new Parallel(count, task);
    CompletableFuture<Void> all = new CompletableFuture<>();
    all.whenComplete((done, givenUp) -> work.scope.cancel());
    outer.enter(all);
    try {
      work.run(helpers, width);
    } finally {
      outer.leave(all);
    }
  }

  private void run(Executor helpers, int width) throws ObjectStoreException {
    try {
      for (int i = 1; i < width; i++) {
        helpers.execute(this::work);
      }
    } catch (RejectedExecutionException e) {
      // The store is being closed: the first request of the calling thread says so.
    }
    work();
    join();
  }

  private void work() {
    for (int index = begin(); index >= 0; index = begin()) {
      Throwable failed = null;
      try {
        task.run(index, scope);
      } catch (ObjectStoreException | RuntimeException | Error e) {
        failed = e;
      }
      end(failed);
    }
  }

  private synchronized int begin() {
    if (failure != null || next == count) {
      return -1;
    }
    running++;
    return next++;
  }

  private void end(Throwable failed) {
    boolean first;
    synchronized (this) {
      running--;
      first = failed != null && failure == null;
      if (first) {
        failure = failed;
      }
      notifyAll();
    }
    if (first) {
      scope.cancel();
    }
  }

  /** Waits until no task is running: what they work on belongs to the caller again. */
  private synchronized void join() throws ObjectStoreException {
    boolean interrupted = false;
    while (running > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Each request has its limit in time; giving them up makes the wait short.
        interrupted = true;
        scope.cancel();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
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
}
