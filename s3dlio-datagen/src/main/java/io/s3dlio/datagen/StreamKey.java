package io.s3dlio.datagen;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What the bytes of one object are made from: 256 bits, so that no two objects get the same however
 * many there are.
 */
record StreamKey(long k0, long k1, long k2, long k3) {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  static StreamKey of(GeneratorSpec spec, String key) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    ByteBuffer input =
        ByteBuffer.allocate(2 * Long.BYTES + name.length).order(ByteOrder.LITTLE_ENDIAN);
    input.putLong(spec.formatVersion()).putLong(spec.seed()).put(name);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(input.array());
      ByteBuffer words = ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN);
      return new StreamKey(words.getLong(), words.getLong(), words.getLong(), words.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Puts the first states of a block's lanes: word j of lane l at {@code j * lanes + l}. */
  void seed(long block, long[] state) {
    int lanes = state.length / 4;
    long counter = block * lanes * GOLDEN_GAMMA;
    for (int lane = 0; lane < lanes; lane++) {
      state[lane] = mix(k0 + counter);
      state[lanes + lane] = mix(k1 + counter);
      state[2 * lanes + lane] = mix(k2 + counter);
      state[3 * lanes + lane] = mix(k3 + counter);
      counter += GOLDEN_GAMMA;
    }
  }

  /** The output function of SplitMix64, a bijection. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
