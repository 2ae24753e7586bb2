package io.s3dlio.rest;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Multipart uploads that are being created or aborted. To break such a request off would leave
 * behind an upload that nobody knows of, so one that is given up goes on, and the upload is
 * aborted; the end of the store waits for it.
 */
public final class Creations implements AutoCloseable {

  /** What the end of a store may take until the last of them is aborted. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final System.Logger log;
  private final Map<CompletableFuture<?>, ObjectUri> wanted = new ConcurrentHashMap<>();
  private final Map<CompletableFuture<Void>, ObjectUri> unsettled = new ConcurrentHashMap<>();

  /**
   * Follows none yet.
   *
   * @param store where it warns, {@code io.s3dlio.} and this
   */
  public Creations(String store) {
    this.log = System.getLogger("io.s3dlio." + store);
  }

  /**
   * Follows a request to its end.
   *
   * @param uri the object
   * @param request creates an upload
   * @param abort removes it
   * @return the upload; cancelling it does not cancel the request
   * @param <T> the upload
   */
  public <T> CompletableFuture<T> follow(
      ObjectUri uri, CompletableFuture<T> request, Function<T, CompletableFuture<Void>> abort) {
    CompletableFuture<T> result = new CompletableFuture<>();
    wanted.put(result, uri);
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
    result.whenComplete((upload, error) -> wanted.remove(result));
    settle(uri, settled);
    return result;
  }

  /**
   * Has the end of the store wait for what may leave an upload behind if it is broken off: an
   * abort, or what begins one when it is given up.
   *
   * @param uri the object
   * @param unfinished that
   * @return the same
   */
  public CompletableFuture<Void> settle(ObjectUri uri, CompletableFuture<Void> unfinished) {
    unsettled.put(unfinished, uri);
    unfinished.whenComplete(
        (nothing, error) -> {
          unsettled.remove(unfinished);
          if (error != null) {
            warn(uri, Steps.bare(error));
          }
        });
    return unfinished;
  }

  private void warn(ObjectUri uri, Throwable why) {
    log.log(
        Level.WARNING, "an upload to " + uri + " that was given up may be left unfinished: " + why);
  }

  /** Gives up all of them, and waits a while until they are aborted. */
  @Override
  public void close() {
    wanted.forEach(
        (upload, uri) ->
            upload.completeExceptionally(
                new ObjectStoreException(
                    Kind.CANCELLED, "put", uri, "the store was closed", null)));
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try {
      while (!unsettled.isEmpty()) { // the end of one may be the begin of an abort
        awaitAll(deadline - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      unsettled.values().forEach(uri -> warn(uri, e));
    }
  }

  private void awaitAll(long nanos) throws InterruptedException, TimeoutException {
    try {
      CompletableFuture.allOf(unsettled.keySet().toArray(new CompletableFuture<?>[0]))
          .get(nanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      // Has been reported.
    }
  }
}
