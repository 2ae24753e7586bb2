package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The saves that go on in the background: those of a rank one after the other, as steps ascend, and
 * those of several ranks side by side, since they wait for each other. No failure of one is lost.
 * Thread-safe.
 */
final class Background {

  private final List<PendingSave> saves = new ArrayList<>();

  /** The last one that each rank has begun. */
  private final Map<Integer, PendingSave> last = new HashMap<>();

  /** They are no daemons, so that a JVM that ends by itself has saved, and end when idle. */
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          100,
          TimeUnit.MILLISECONDS,
          new SynchronousQueue<>(),
          work -> new Thread(work, "s3dlio-checkpoint-save"));

  PendingSave begin(int rank, Callable<CheckpointInfo> save, Duration blocked) {
    PendingSave pending = new PendingSave(blocked);
    PendingSave before;
    synchronized (this) {
      saves.removeIf(PendingSave::isSettled);
      saves.add(pending);
      before = last.put(rank, pending);
    }
    (before == null ? CompletableFuture.completedFuture(null) : before.end())
        .handleAsync((info, failure) -> pending.run(save), threads)
        .exceptionally(noThread -> pending.run(save)); // then here
    return pending;
  }

  PendingSave done(CheckpointInfo info, Duration blocked) {
    return new PendingSave(blocked).run(() -> info);
  }

  /**
   * Waits until what a rank has begun has ended; what came of it is for others to hear.
   *
   * @throws ObjectStoreException of kind CANCELLED if the thread was interrupted
   */
  void awaitEarlier(int rank) throws ObjectStoreException {
    PendingSave earlier;
    synchronized (this) {
      earlier = last.get(rank);
    }
    if (earlier != null) {
      earlier.awaitEnd();
    }
  }

  /** Says what has failed unheard. */
  void check() throws ObjectStoreException {
    PendingSave failed = null;
    synchronized (this) {
      saves.removeIf(PendingSave::isSettled);
      for (PendingSave save : saves) {
        failed = failed == null && save.hasFailedUnheard() ? save : failed;
      }
    }
    if (failed != null) {
      failed.await();
    }
  }

  /** Waits for all, and says what has failed unheard. */
  void close() throws ObjectStoreException {
    List<PendingSave> all;
    synchronized (this) {
      all = List.copyOf(last.values());
    }
    for (PendingSave save : all) {
      save.awaitEnd();
    }
    check();
  }
}
