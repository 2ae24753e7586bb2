package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The saves that go on in the background, one after the other as steps ascend. No failure of one is
 * lost. Thread-safe.
 */
final class Background {

  private final List<PendingSave> saves = new ArrayList<>();

  /** Its thread is no daemon, so that a JVM that ends by itself has saved, and ends when idle. */
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          100,
          TimeUnit.MILLISECONDS,
          new LinkedBlockingQueue<>(),
          work -> new Thread(work, "s3dlio-checkpoint-save"));

  Background() {
    thread.allowCoreThreadTimeOut(true);
  }

  PendingSave begin(Callable<CheckpointInfo> save, Duration blocked) {
    CompletableFuture<CheckpointInfo> future = new CompletableFuture<>();
    PendingSave pending = new PendingSave(future, blocked);
    synchronized (this) {
      saves.removeIf(PendingSave::isSettled);
      saves.add(pending);
    }
    thread.execute(() -> run(save, future));
    return pending;
  }

  private static void run(Callable<CheckpointInfo> save, CompletableFuture<CheckpointInfo> future) {
    try {
      future.complete(save.call());
    } catch (Throwable e) { // all of it is for whoever asks
      future.completeExceptionally(e);
    }
  }

  PendingSave done(CheckpointInfo info, Duration blocked) {
    return new PendingSave(CompletableFuture.completedFuture(info), blocked);
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
      all = List.copyOf(saves);
    }
    ObjectStoreException failure = null;
    for (PendingSave save : all) {
      boolean settled = save.isSettled();
      try {
        if (!settled) {
          save.await();
        }
      } catch (ObjectStoreException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
