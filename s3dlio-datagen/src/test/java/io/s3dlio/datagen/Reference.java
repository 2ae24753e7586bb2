package io.s3dlio.datagen;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The format once more, written from the package's documentation, as plainly as can be. */
final class Reference {

  private static final int BLOCK = 32 * 1024;

  private Reference() {}

  /** The first bytes of an object. */
  static byte[] bytes(long seed, String key, int size) {
    ByteBuffer out = ByteBuffer.allocate((size + BLOCK - 1) / BLOCK * BLOCK);
    out.order(ByteOrder.LITTLE_ENDIAN);
    for (int block = 0; block * BLOCK < size; block++) {
      block(seed, key, block, out);
    }
    byte[] bytes = new byte[size];
    out.flip().get(bytes);
    return bytes;
  }

  private static void block(long seed, String key, int block, ByteBuffer out) {
    ByteBuffer k = ByteBuffer.wrap(hash(seed, key)).order(ByteOrder.LITTLE_ENDIAN);
    long[][] lanes = new long[16][4];
    for (int lane = 0; lane < 16; lane++) {
      for (int j = 0; j < 4; j++) {
        lanes[lane][j] = mix(k.getLong(8 * j) + (16L * block + lane) * 0x9E3779B97F4A7C15L);
      }
    }
    for (int word = 0; word < BLOCK / 8; word++) {
      out.putLong(next(lanes[word % 16]));
    }
  }

  private static byte[] hash(long seed, String key) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
      sha.update(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(seed).array());
      return sha.digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static long next(long[] s) {
    final long result = Long.rotateLeft(s[0] + s[3], 23) + s[0];
    final long t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = Long.rotateLeft(s[3], 45);
    return result;
  }

  private static long mix(long z) {
    z ^= z >>> 30;
    z *= 0xBF58476D1CE4E5B9L;
    z ^= z >>> 27;
    z *= 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
