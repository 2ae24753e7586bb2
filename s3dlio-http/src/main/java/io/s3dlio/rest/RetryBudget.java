package io.s3dlio.rest;

/**
 * How much may be repeated: a bucket of tokens that retries empty and successes fill, so that a
 * store that fails altogether is asked less and less. The figures are those of the <a
 * href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html">standard retry
 * mode</a>. Thread-safe.
 */
final class RetryBudget {

  private static final int MOST = 500;
  private static final int RETRY = 5;

  private int tokens = MOST;

  /** Whether one more retry is allowed; it is counted. */
  synchronized boolean take() {
    if (tokens < RETRY) {
      return false;
    }
    tokens -= RETRY;
    return true;
  }

  /**
   * A request has succeeded.
   *
   * @param repeated whether only after a retry: then that is given back
   */
  synchronized void succeeded(boolean repeated) {
    tokens = Math.min(MOST, tokens + (repeated ? RETRY : 1));
  }
}
