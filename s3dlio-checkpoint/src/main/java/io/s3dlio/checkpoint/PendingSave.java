package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A save that goes on in the background. Thread-safe. */
public final class PendingSave {

  private final CompletableFuture<CheckpointInfo> future;
  private final Duration blocked;
  private volatile boolean asked;

  PendingSave(CompletableFuture<CheckpointInfo> future, Duration blocked) {
    this.future = future;
    this.blocked = blocked;
  }

  /**
   * How long training was held up: until its tensors were copied, or, if there was no memory for
   * that, saved.
   *
   * @return 0 or more
   */
  public Duration blocked() {
    return blocked;
  }

  /**
   * Completes when the checkpoint is committed, or fails with an {@link ObjectStoreException}.
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
    try {
      CheckpointInfo info = future.get();
      asked = true;
      return info;
    } catch (ExecutionException e) {
      asked = true;
      if (e.getCause() instanceof ObjectStoreException known) {
        throw known;
      }
      throw new ObjectStoreException(
          Kind.UNKNOWN, "checkpoint", null, "saving failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException(
          Kind.CANCELLED, "checkpoint", null, "the thread was interrupted while it waited", e);
    }
  }

  /** Whether nobody has to be told any more. */
  boolean isSettled() {
    return future.isDone() && (asked || !future.isCompletedExceptionally());
  }

  /** Whether it has failed and nobody has asked. */
  boolean hasFailedUnheard() {
    return !asked && future.isCompletedExceptionally();
  }
}
