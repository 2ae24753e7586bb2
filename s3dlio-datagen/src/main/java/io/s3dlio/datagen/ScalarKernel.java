package io.s3dlio.datagen;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** xoshiro256++ in interleaved lanes, one lane after the other: plain Java, any CPU. */
final class ScalarKernel {

  /** Two vectors of 512 bits, or four of 256. */
  static final int LANES = 16;

  private static final int STRIDE = LANES * Long.BYTES;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private ScalarKernel() {}

  /**
   * Makes the lanes' next outputs.
   *
   * @param state word j of lane l at {@code j * LANES + l}; afterwards advanced by the outputs made
   * @param out filled: output i of lane l is word {@code i * LANES + l}, little-endian; a multiple
   *     of 128 bytes long
   */
  static void fill(long[] state, byte[] out) {
    for (int lane = 0; lane < LANES; lane++) {
      long s0 = state[lane];
      long s1 = state[LANES + lane];
      long s2 = state[2 * LANES + lane];
      long s3 = state[3 * LANES + lane];
      for (int at = lane * Long.BYTES; at < out.length; at += STRIDE) {
        WORD.set(out, at, Long.rotateLeft(s0 + s3, 23) + s0);
        long t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = Long.rotateLeft(s3, 45);
      }
      state[lane] = s0;
      state[LANES + lane] = s1;
      state[2 * LANES + lane] = s2;
      state[3 * LANES + lane] = s3;
    }
  }
}
