package io.s3dlio.testkit.server;

import java.io.IOException;

/** A server cannot be had here; the message says what was tried and why each way failed. */
public class ServerUnavailableException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what was tried, and why it failed
   * @param cause what led to it, or null
   */
  public ServerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
