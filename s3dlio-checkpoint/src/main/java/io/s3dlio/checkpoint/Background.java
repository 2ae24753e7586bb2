package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** The saves that go on in the background. No failure of one is lost. Thread-safe. */
final class Background {

  private final List<PendingSave> saves = new ArrayList<>();

  PendingSave begin(Callable<CheckpointInfo> save, Duration blocked) {
    CompletableFuture<CheckpointInfo> future = new CompletableFuture<>();
    Thread thread = new Thread(() -> run(save, future), "s3dlio-checkpoint-save");
    PendingSave pending = new PendingSave(future, blocked);
    synchronized (this) {
      saves.removeIf(PendingSave::isSettled);
      saves.add(pending);
    }
    thread.start(); // no daemon: a JVM that ends by itself ends after it
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
