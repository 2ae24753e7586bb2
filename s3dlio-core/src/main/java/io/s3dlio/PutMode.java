package io.s3dlio;

/** What a put does when there is an object already. */
public sealed interface PutMode {

  /** Replaces it. */
  PutMode OVERWRITE = new Overwrite();

  /**
   * Fails with {@link ObjectAlreadyExistsException} if there is one: of several that race, one
   * wins.
   */
  PutMode CREATE = new Create();

  /**
   * Replaces it only if it has an ETag; otherwise, and if there is none, {@link
   * PreconditionFailedException}.
   *
   * @param etag the ETag
   * @return the mode
   */
  static PutMode ifMatch(String etag) {
    return new IfMatch(etag);
  }

  /** See {@link PutMode#OVERWRITE}. */
  record Overwrite() implements PutMode {}

  /** See {@link PutMode#CREATE}. */
  record Create() implements PutMode {}

  /**
   * See {@link PutMode#ifMatch}.
   *
   * @param etag what the object's ETag must be
   */
  record IfMatch(String etag) implements PutMode {}
}
