package io.s3dlio.layer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Where every request of an {@link InterceptingBackend} comes in and goes out. Thread-safe. */
interface Gate {

  /** For a request that may begin at once. */
  CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

  /** The longest that a request waits to be let in. */
  Duration PATIENCE = Duration.ofMinutes(5);

  /**
   * A request wants to begin.
   *
   * @return done when it may: the request begins on the thread that completes it, or on the
   *     caller's if it is done already. Cancelled or failed if it is not to begin, and then not
   *     heard of again
   */
  CompletableFuture<Void> enter(Exchange exchange);

  /**
   * A request that was let in is over. Must not throw.
   *
   * @param error what it failed with, or null
   */
  void leave(Exchange exchange, Throwable error);
}
