package io.s3dlio.s3;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Multipart uploads that are being created. To break such a request off would leave behind an
 * upload whose name nobody has heard, so one that is given up goes on, and the upload is aborted.
 */
final class Creations implements AutoCloseable {

  /** What the end of a store may take until the last of them is aborted. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Set<Creation<?>> underWay = ConcurrentHashMap.newKeySet();

  private record Creation<T>(
      ObjectUri uri, CompletableFuture<T> result, CompletableFuture<Void> settled) {}

  /**
   * Follows a request to its end.
   *
   * @param request creates an upload
   * @param abort removes it
   * @return the upload; cancelling it does not cancel the request
   */
  <T> CompletableFuture<T> follow(
      ObjectUri uri, CompletableFuture<T> request, Function<T, CompletableFuture<Void>> abort) {
    CompletableFuture<T> result = new CompletableFuture<>();
    CompletableFuture<Void> settled =
        request
            .handle(
                (upload, error) -> {
                  if (error != null) {
                    result.completeExceptionally(Steps.bare(error));
                  } else if (!result.complete(upload)) {
                    return abort.apply(upload);
                  }
                  return CompletableFuture.<Void>completedFuture(null);
                })
            .thenCompose(aborted -> aborted);
    Creation<T> creation = new Creation<>(uri, result, settled);
    underWay.add(creation);
    settled.whenComplete(
        (nothing, error) -> {
          underWay.remove(creation);
          if (error != null) {
            warn(uri, Steps.bare(error));
          }
        });
    return result;
  }

  private static void warn(ObjectUri uri, Throwable why) {
    System.getLogger("io.s3dlio.s3")
        .log(
            Level.WARNING,
            "an upload to " + uri + " that was given up may be left unfinished: " + why);
  }

  /** Gives up all of them, and waits a while until they are aborted. */
  @Override
  public void close() {
    Creation<?>[] last = underWay.toArray(new Creation<?>[0]);
    for (Creation<?> creation : last) {
      creation.result.completeExceptionally(
          new ObjectStoreException(
              Kind.CANCELLED, "put", creation.uri, "the store was closed", null));
    }
    CompletableFuture<?>[] settled = new CompletableFuture<?>[last.length];
    for (int i = 0; i < last.length; i++) {
      settled[i] = last[i].settled;
    }
    try {
      CompletableFuture.allOf(settled).get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      // Has been reported.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      for (Creation<?> creation : last) {
        if (!creation.settled.isDone()) {
          warn(creation.uri, e);
        }
      }
    }
  }
}
