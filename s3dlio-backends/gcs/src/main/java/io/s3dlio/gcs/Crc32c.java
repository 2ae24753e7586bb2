package io.s3dlio.gcs;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/** A CRC-32C as Google Cloud Storage writes it: four bytes, big-endian, in Base64. */
final class Crc32c {

  private Crc32c() {}

  static String encode(int crc) {
    return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt(crc).array());
  }

  static Optional<Integer> decode(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return bytes.length == 4 ? Optional.of(ByteBuffer.wrap(bytes).getInt()) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not a checksum: as if there were none
    }
  }
}
