package io.s3dlio;

/** There is no such object or bucket. */
public final class ObjectNotFoundException extends ObjectStoreException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param operation what was tried
   * @param uri where
   * @param detail why, and what to do
   * @param cause what led to it, or null
   */
  public ObjectNotFoundException(String operation, ObjectUri uri, String detail, Throwable cause) {
    super(Kind.NOT_FOUND, operation, uri, detail, cause);
  }
}
