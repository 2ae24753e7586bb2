package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** A save that goes on in the background. Thread-safe. */
public final class PendingSave {

  /** How it has ended; nobody else can complete it. */
  private final CompletableFuture<CheckpointInfo> end = new CompletableFuture<>();

  /** What the user has, and may do with what it wants. */
  private final CompletableFuture<CheckpointInfo> future = new CompletableFuture<>();

  private final Duration blocked;
  private volatile boolean asked;

  PendingSave(Duration blocked) {
    this.blocked = blocked;
  }

  /**
   * Saves. What waits for the end goes on before what the user does then, which may wait for it.
   */
  PendingSave run(Callable<CheckpointInfo> save) {
    try {
      CheckpointInfo info = save.call();
      end.complete(info);
      future.complete(info);
    } catch (Throwable e) { // all of it is for whoever asks
      end.completeExceptionally(e);
      future.completeExceptionally(e);
    }
    return this;
  }

  /**
   * How long {@link CheckpointWriter#commitAsync} has held training up: until its tensors were
   * copied, or, if there was no memory for that, saved. What beginning the save took before, some
   * requests in {@link CheckpointStore#begin} or {@link CheckpointStore#writer(long, int, int)}, is
   * not in it.
   *
   * @return 0 or more
   */
  public Duration blocked() {
    return blocked;
  }

  /**
   * Completes when the checkpoint is committed, or fails with an {@link ObjectStoreException}. To
   * cancel it does not stop the save.
   *
   * @return the future; whoever has it is expected to look at its failure
   */
  public CompletableFuture<CheckpointInfo> future() {
    asked = true;
    return future;
  }

  /**
   * Waits until the checkpoint is committed.
   *
   * @return what the log says of it
   * @throws ObjectStoreException why it is not; of kind CANCELLED if the thread was interrupted,
   *     while the save goes on
   */
  public CheckpointInfo await() throws ObjectStoreException {
    awaitEnd();
    asked = true;
    try {
      return end.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ObjectStoreException known) {
        throw known;
      }
      throw new ObjectStoreException(
          Kind.UNKNOWN, "checkpoint", null, "saving failed: " + e.getCause(), e.getCause());
    }
  }

  /** Waits until it is over, well or not. */
  void awaitEnd() throws ObjectStoreException {
    try {
      end.get(); // each of its requests and waits has a limit
    } catch (ExecutionException e) {
      // That is told to whoever asks.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException(
          Kind.CANCELLED, "checkpoint", null, "the thread was interrupted while it waited", e);
    }
  }

  /** Completes when it is over. */
  CompletableFuture<CheckpointInfo> end() {
    return end;
  }

  /** Whether nobody has to be told any more. */
  boolean isSettled() {
    return end.isDone() && (asked || !end.isCompletedExceptionally());
  }

  /** Whether it has failed and nobody has asked. */
  boolean hasFailedUnheard() {
    return !asked && end.isCompletedExceptionally();
  }
}
