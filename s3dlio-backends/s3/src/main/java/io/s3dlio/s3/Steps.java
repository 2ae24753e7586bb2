package io.s3dlio.s3;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The result of several requests. Cancelling it cancels those under way; it fails with what a
 * request failed with, with nothing around it.
 *
 * @param <T> the result
 */
final class Steps<T> extends CompletableFuture<T> {

  private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();

  /** Runs requests that make a result; each of them goes through {@link #step}. */
  static <T> Steps<T> of(java.util.function.Function<Steps<T>, CompletableFuture<T>> requests) {
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

  /** Notes a request as under way. */
  <U> CompletableFuture<U> step(CompletableFuture<U> request) {
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

  static Throwable bare(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}
