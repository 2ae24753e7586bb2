package io.s3dlio.file;

import io.s3dlio.ByteRange;
import io.s3dlio.spi.ReadRequest;
import java.util.Optional;

/** Requests that tests make. */
final class ReadRequests {

  static final ReadRequest WHOLE = new ReadRequest(ByteRange.WHOLE, Optional.empty());

  private ReadRequests() {}

  static ReadRequest of(ByteRange range) {
    return new ReadRequest(range, Optional.empty());
  }
}
