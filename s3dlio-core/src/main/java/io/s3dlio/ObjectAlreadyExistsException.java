package io.s3dlio;

/** There is an object or bucket already, and it was to be created. */
public final class ObjectAlreadyExistsException extends ObjectStoreException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param operation what was tried
   * @param uri where
   * @param detail why, and what to do
   * @param cause what led to it, or null
   */
  public ObjectAlreadyExistsException(
      String operation, ObjectUri uri, String detail, Throwable cause) {
    super(Kind.ALREADY_EXISTS, operation, uri, detail, cause);
  }
}
