package io.s3dlio.layer;

import io.s3dlio.spi.PartUpload;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * What a caller holds while others do the work. Cancelling it cancels what it stands for at that
 * time; a plain dependent future would not.
 */
final class Relay<T> extends CompletableFuture<T> {

  private static final Logger LOG = System.getLogger("io.s3dlio.layer");

  private volatile CompletableFuture<?> behind;

  /** Stands for a future, with another value and another error. */
  static <S, T> CompletableFuture<T> of(
      CompletableFuture<S> source, Function<S, T> value, Function<Throwable, Throwable> error) {
    Relay<T> relay = new Relay<>();
    relay.stand(source);
    source.whenComplete(
        (result, failure) -> {
          try {
            if (failure == null) {
              relay.end(value.apply(result), null);
            } else {
              relay.end(null, error.apply(bare(failure)));
            }
          } catch (RuntimeException e) {
            relay.end(null, e);
          }
        });
    return relay;
  }

  /** Cancelling this cancels that, from now on. */
  void stand(CompletableFuture<?> now) {
    behind = now;
    if (isCancelled()) { // after the assignment: cancel looks the other way round
      now.cancel(true);
    }
  }

  /** Ends with a value or an error; an upload that nobody takes any more is aborted. */
  void end(T value, Throwable error) {
    boolean taken = error == null ? complete(value) : completeExceptionally(error);
    if (!taken && value instanceof PartUpload upload) {
      upload
          .abort()
          .whenComplete(
              (aborted, failure) -> {
                if (failure != null) {
                  LOG.log(Level.WARNING, "an upload that was given up may be left over", failure);
                }
              });
    }
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    boolean cancelled = super.cancel(mayInterrupt);
    CompletableFuture<?> now = behind;
    if (now != null) {
      now.cancel(mayInterrupt);
    }
    return cancelled;
  }

  /** What a future failed with, without what futures put around it; null for null. */
  static Throwable bare(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}
