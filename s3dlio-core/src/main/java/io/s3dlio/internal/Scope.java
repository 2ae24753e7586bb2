package io.s3dlio.internal;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The requests that one operation has under way, so that all can be given up together. */
class Scope {

  /** For requests that stand alone. */
  static final Scope NONE =
      new Scope() {
        @Override
        void enter(CompletableFuture<?> request) {}

        @Override
        void leave(CompletableFuture<?> request) {}
      };

  private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean cancelled;

  void enter(CompletableFuture<?> request) {
    underWay.add(request);
    if (cancelled) {
      request.cancel(true);
    }
  }

  void leave(CompletableFuture<?> request) {
    underWay.remove(request);
  }

  void cancel() {
    cancelled = true;
    underWay.forEach(request -> request.cancel(true));
  }
}
