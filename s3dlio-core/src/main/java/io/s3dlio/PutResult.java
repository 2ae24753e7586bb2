package io.s3dlio;

import java.util.Optional;

/**
 * What a store answers to a write.
 *
 * @param etag names the content written
 * @param version names what was written among the versions of the object, where its bucket keeps
 *     them
 */
public record PutResult(Optional<String> etag, Optional<String> version) {

  /**
   * The answer of a store without versions.
   *
   * @param etag names the content written
   */
  public PutResult(Optional<String> etag) {
    this(etag, Optional.empty());
  }
}
