package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Tasks that are done several at a time, each on one thread from beginning to end. After the first
 * failure none is begun, and those under way are interrupted; when it is over none is being done,
 * so that the memory that they write to is the caller's again. (A future of an asynchronous store
 * that is cancelled does not tell when its read has stopped.)
 *
 * @param <T> what there is to do
 */
final class Crew<T> {

  /** How to do it. */
  interface Work<T> {
    void run(T task) throws ObjectStoreException;
  }

  private final Iterator<T> tasks;
  private final Work<T> work;
  private final List<Thread> threads = new ArrayList<>();

  // Guarded by this, as is taking a task.
  private int working;
  private Throwable failure;

  private Crew(Iterator<T> tasks, Work<T> work) {
    this.tasks = tasks;
    this.work = work;
  }

  /**
   * Does all tasks; a single one on the calling thread.
   *
   * @param tasks taken one by one
   * @param work what is done with each; ends soon when its thread is interrupted
   * @param width how many are done at a time, 1 or more
   * @throws ObjectStoreException the first failure; of kind CANCELLED if the thread was interrupted
   */
  static <T> void run(Iterator<T> tasks, Work<T> work, int width) throws ObjectStoreException {
    if (!tasks.hasNext()) {
      return;
    }
    T first = tasks.next();
    if (width == 1 || !tasks.hasNext()) {
      work.run(first);
      while (tasks.hasNext()) {
        work.run(tasks.next());
      }
      return;
    }
    Crew<T> crew = new Crew<>(tasks, work);
    crew.start(first, width);
    crew.join();
  }

  private void start(T first, int width) {
    try {
      for (T task = first; task != null; task = threads.size() < width ? next() : null) {
        T begin = task;
        Thread thread = new Thread(() -> work(begin), "s3dlio-checkpoint-" + threads.size());
        thread.setDaemon(true);
        count(1);
        threads.add(thread);
        thread.start();
      }
    } catch (OutOfMemoryError e) { // so many threads there cannot be
      threads.remove(threads.size() - 1);
      end(e);
    }
  }

  private synchronized T next() {
    return failure == null && tasks.hasNext() ? tasks.next() : null;
  }

  private void work(T first) {
    Throwable failed = null;
    try {
      for (T task = first; task != null; task = next()) {
        work.run(task);
      }
    } catch (ObjectStoreException | RuntimeException | Error e) {
      failed = e;
    }
    end(failed);
  }

  private synchronized void count(int more) {
    working += more;
    notifyAll();
  }

  private synchronized void end(Throwable failed) {
    try {
      fail(failed);
    } finally {
      count(-1); // who joins waits for it
    }
  }

  private synchronized void fail(Throwable e) {
    if (failure == null) {
      failure = e;
    } else if (e != null
        && e != failure
        && !(e instanceof ObjectStoreException o && o.kind() == Kind.CANCELLED)) {
      failure.addSuppressed(e);
    }
  }

  private synchronized void join() throws ObjectStoreException {
    boolean interrupted = false;
    boolean givenUp = false;
    while (working > 0) {
      if (failure != null && !givenUp) {
        givenUp = true;
        threads.forEach(Thread::interrupt);
      }
      try {
        wait(); // each task has its own limit in time
      } catch (InterruptedException e) {
        interrupted = true;
        fail(
            new ObjectStoreException(
                Kind.CANCELLED, "checkpoint", null, "interrupted while reading", e));
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
