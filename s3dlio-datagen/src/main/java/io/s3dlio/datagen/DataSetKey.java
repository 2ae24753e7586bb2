package io.s3dlio.datagen;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What everything in a data set is derived from: the SHA-256 of its text, as four little-endian
 * words, and the tags that they make.
 */
record DataSetKey(long d0, long d1, long d2, long d3) {

  private static final byte OBJECT = 0;
  private static final byte STREAM = 1;
  private static final byte ORDER = 2;

  static DataSetKey of(GeneratorSpec spec) {
    long[] words =
        sha256(ByteBuffer.wrap(SpecText.format(spec).getBytes(StandardCharsets.US_ASCII)));
    return new DataSetKey(words[0], words[1], words[2], words[3]);
  }

  /** The number that stands for an object's key. */
  long objectId(String key) {
    return derived(OBJECT, key.getBytes(StandardCharsets.UTF_8))[0];
  }

  /** What the bytes of an object, or those that all objects share, are made from. */
  StreamKey stream(long objectId) {
    long[] words = derived(STREAM, littleEndian(objectId));
    return new StreamKey(words[0], words[1], words[2], words[3]);
  }

  /** What the order of the shared blocks in an object is made from: four words. */
  long[] order(long index) {
    return derived(ORDER, littleEndian(index));
  }

  /** The first word of a unit, of which the second is {@code tag1}. */
  long tag0(long objectId, long unit) {
    long x = objectId ^ Mix.mix(unit + d0);
    long y = unit ^ Mix.mix(x + d1);
    return x ^ Mix.mix(y + d2);
  }

  /** The second word of a unit, given its first. */
  long tag1(long objectId, long unit, long tag0) {
    long x = objectId ^ Mix.mix(unit + d0);
    long y = unit ^ Mix.mix(x + d1);
    return y ^ Mix.mix(tag0 + d3);
  }

  /** The unit's number that two words are the tag of. */
  long unitOf(long tag0, long tag1) {
    long y = tag1 ^ Mix.mix(tag0 + d3);
    return y ^ Mix.mix((tag0 ^ Mix.mix(y + d2)) + d1);
  }

  /** The object's number that two words are the tag of. */
  long objectOf(long tag0, long tag1) {
    long y = tag1 ^ Mix.mix(tag0 + d3);
    return tag0 ^ Mix.mix(y + d2) ^ Mix.mix(unitOf(tag0, tag1) + d0);
  }

  private long[] derived(byte purpose, byte[] input) {
    ByteBuffer all =
        ByteBuffer.allocate(4 * Long.BYTES + 1 + input.length).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(d0).putLong(d1).putLong(d2).putLong(d3).put(purpose).put(input);
    return sha256(all.flip());
  }

  private static byte[] littleEndian(long word) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(word).array();
  }

  private static long[] sha256(ByteBuffer input) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(input);
      ByteBuffer digest = ByteBuffer.wrap(sha.digest()).order(ByteOrder.LITTLE_ENDIAN);
      return new long[] {digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong()};
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
