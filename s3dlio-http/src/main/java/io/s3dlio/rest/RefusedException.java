package io.s3dlio.rest;

import io.s3dlio.ObjectStoreException;

/**
 * Not to be repeated: the receiver or its sink does not want the bytes, or the answer makes no
 * sense. No IOException, also not as a cause: those the SDK for S3 repeats.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ObjectStoreException why;

  /**
   * Wraps what the caller is to be told.
   *
   * @param why that
   */
  public RefusedException(ObjectStoreException why) {
    super(why.getMessage());
    this.why = why;
  }

  /**
   * What the caller is to be told.
   *
   * @return the error itself
   */
  public ObjectStoreException why() {
    return why;
  }
}
