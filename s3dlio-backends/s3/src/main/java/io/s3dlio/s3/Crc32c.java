package io.s3dlio.s3;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ChecksumType;

/** A CRC-32C as S3 writes it: four bytes, big-endian, in Base64. */
final class Crc32c {

  private Crc32c() {}

  static String encode(int crc) {
    return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt(crc).array());
  }

  /**
   * The checksum of a whole object.
   *
   * @param text the header, or null; {@code …-3} is a checksum of three parts' checksums, not of
   *     the object
   * @param type what the store says it is of, or null
   */
  static Optional<Integer> ofWhole(String text, ChecksumType type) {
    if (text == null || text.indexOf('-') >= 0 || type == ChecksumType.COMPOSITE) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return bytes.length == 4 ? Optional.of(ByteBuffer.wrap(bytes).getInt()) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not a checksum: as if there were none
    }
  }
}
