package io.s3dlio.rest;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/** A CRC-32C as S3 and Google Cloud Storage write it: four bytes, big-endian, in Base64. */
public final class Crc32c {

  private Crc32c() {}

  /**
   * Writes one.
   *
   * @param crc the checksum
   * @return eight characters
   */
  public static String encode(int crc) {
    return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt(crc).array());
  }

  /**
   * Reads one.
   *
   * @param text as a store tells it
   * @return the checksum; what is none counts as if there were none
   */
  public static Optional<Integer> decode(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return bytes.length == 4 ? Optional.of(ByteBuffer.wrap(bytes).getInt()) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
