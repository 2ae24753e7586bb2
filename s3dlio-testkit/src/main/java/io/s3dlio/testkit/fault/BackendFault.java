package io.s3dlio.testkit.fault;

/** What a {@link FaultyBackend} does to a call. */
public enum BackendFault {
  /** Fails, of kind UNAVAILABLE, without having done anything. */
  FAIL,
  /** Does what was asked, then fails, of kind UNAVAILABLE. */
  FAIL_AFTER,
  /** Puts or deletes twice, as when a request that has arrived is sent again. */
  TWICE,
  /** Waits for 20 ms on the calling thread, then does what was asked. */
  DELAY,
  /** Does nothing and never ends, until the future is cancelled. */
  HANG,
  /** Does nothing; the future is cancelled when the caller gets it. */
  CANCEL,
  /** Hands out fewer bytes of a read than it announced, and ends it as if they were all. */
  SHORTEN,
  /** Turns a bit of what is read, or of what is written. */
  FLIP
}
