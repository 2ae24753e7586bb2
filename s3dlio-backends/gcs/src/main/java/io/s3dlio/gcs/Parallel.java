package io.s3dlio.gcs;

import io.s3dlio.rest.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * Requests of one kind, some at a time. After the first failure none is begun.
 *
 * @param <A> what each is about
 * @param <B> what each gives
 */
final class Parallel<A, B> {

  private final List<A> items;
  private final Function<A, CompletableFuture<B>> request;
  private final Steps<?> steps;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReferenceArray<B> results;

  private Parallel(List<A> items, Function<A, CompletableFuture<B>> request, Steps<?> steps) {
    this.items = items;
    this.request = request;
    this.steps = steps;
    this.results = new AtomicReferenceArray<>(items.size());
  }

  /**
   * Makes the requests.
   *
   * @param most at a time
   * @param steps what they are steps of
   * @return the results, in the order of the items
   */
  static <A, B> CompletableFuture<List<B>> map(
      List<A> items, int most, Function<A, CompletableFuture<B>> request, Steps<?> steps) {
    Parallel<A, B> all = new Parallel<>(items, request, steps);
    CompletableFuture<?>[] lanes = new CompletableFuture<?>[Math.min(most, items.size())];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = all.lane();
    }
    return CompletableFuture.allOf(lanes).thenApply(nothing -> all.results());
  }

  private CompletableFuture<Void> lane() {
    int index = next.getAndIncrement();
    if (index >= items.size()) {
      return CompletableFuture.completedFuture(null);
    }
    return steps
        .step(request.apply(items.get(index)))
        .handle(
            (result, error) -> {
              if (error != null) {
                next.set(items.size());
                return CompletableFuture.<Void>failedFuture(Steps.bare(error));
              }
              results.set(index, result);
              return lane();
            })
        .thenCompose(rest -> rest);
  }

  private List<B> results() {
    List<B> list = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      list.add(results.get(i));
    }
    return list;
  }
}
