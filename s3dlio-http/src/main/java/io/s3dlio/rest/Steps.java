package io.s3dlio.rest;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The result of several requests. Cancelling it cancels those under way; it fails with what a
 * request failed with, with nothing around it.
 *
 * @param <T> the result
 */
public final class Steps<T> extends CompletableFuture<T> {

  private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();

  private Steps() {}

  /**
   * Runs requests that make a result.
   *
   * @param requests each of them goes through {@link #step}
   * @return the result
   * @param <T> the result
   */
  public static <T> Steps<T> of(Function<Steps<T>, CompletableFuture<T>> requests) {
    Steps<T> steps = new Steps<>();
    steps.follow(() -> requests.apply(steps));
    return steps;
  }

  private void follow(Supplier<CompletableFuture<T>> requests) {
    CompletableFuture<T> last;
    try {
      last = requests.get();
    } catch (RuntimeException e) {
      last = failedFuture(e);
    }
    last.whenComplete(
        (value, error) -> {
          if (error == null) {
            complete(value);
          } else {
            completeExceptionally(bare(error));
          }
        });
  }

  /**
   * Notes a request as under way.
   *
   * @param request cancelled if the result is
   * @return the same
   * @param <U> its result
   */
  public <U> CompletableFuture<U> step(CompletableFuture<U> request) {
    underWay.add(request);
    request.whenComplete((value, error) -> underWay.remove(request));
    if (isCancelled()) {
      request.cancel(true);
    }
    return request;
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    boolean cancelled = super.cancel(mayInterrupt);
    underWay.forEach(request -> request.cancel(true));
    return cancelled;
  }

  /**
   * What a future failed with.
   *
   * @param error as a future tells it
   * @return without what futures put around it
   */
  public static Throwable bare(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}
