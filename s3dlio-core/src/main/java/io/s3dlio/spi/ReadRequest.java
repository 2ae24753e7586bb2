package io.s3dlio.spi;

import io.s3dlio.ByteRange;
import java.util.Optional;

/**
 * Which bytes a backend reads in one request.
 *
 * @param range which bytes
 * @param ifMatch the ETag that the object must have
 * @param version which version of it; none but to a backend that declares versions
 */
public record ReadRequest(ByteRange range, Optional<String> ifMatch, Optional<String> version) {

  /**
   * Of the object as it is now.
   *
   * @param range which bytes
   * @param ifMatch the ETag that the object must have
   */
  public ReadRequest(ByteRange range, Optional<String> ifMatch) {
    this(range, ifMatch, Optional.empty());
  }
}
