package io.s3dlio.rest;

/** No credentials could be had; the message says what was tried, without any value. */
public final class NoCredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Says so.
   *
   * @param message what was tried, and what to do
   * @param cause what led to it, or null; holds no secret
   */
  public NoCredentialsException(String message, Throwable cause) {
    super(message, cause);
  }
}
