package io.s3dlio;

/**
 * Hears of every request that a store makes, attempt by attempt: op-logs, metrics and traces are
 * made of it. Called from the threads that do the work, several at once: an implementation is
 * thread-safe and quick, and must not throw.
 */
@FunctionalInterface
public interface RequestListener {

  /** Hears nothing. */
  RequestListener NONE = event -> {};

  /**
   * An attempt of a request has ended.
   *
   * @param event what happened
   */
  void onRequest(RequestEvent event);
}
