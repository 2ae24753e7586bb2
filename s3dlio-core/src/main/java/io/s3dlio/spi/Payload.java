package io.s3dlio.spi;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of one request, in memory. They stay unchanged until the request's future is complete;
 * after that the backend does not touch them.
 *
 * @param buffers read-only, in order; a backend works on duplicates and leaves their positions
 *     alone
 * @param size bytes in all buffers
 * @param crc32c their CRC-32C; present if the backend declares that it keeps checksums
 */
public record Payload(List<ByteBuffer> buffers, long size, Optional<Integer> crc32c) {

  /** Copies the list, not the bytes. */
  public Payload {
    buffers = List.copyOf(buffers);
  }
}
