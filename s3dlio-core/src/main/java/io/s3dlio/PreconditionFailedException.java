package io.s3dlio;

/** The object's ETag is not the one that the operation asked for. */
public final class PreconditionFailedException extends ObjectStoreException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param operation what was tried
   * @param uri where
   * @param detail why, and what to do
   * @param cause what led to it, or null
   */
  public PreconditionFailedException(
      String operation, ObjectUri uri, String detail, Throwable cause) {
    super(Kind.PRECONDITION_FAILED, operation, uri, detail, cause);
  }
}
