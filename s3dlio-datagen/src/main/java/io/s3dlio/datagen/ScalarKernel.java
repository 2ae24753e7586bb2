package io.s3dlio.datagen;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** One lane after the other: plain Java, any CPU. */
final class ScalarKernel extends Kernel {

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  @Override
  String kernelName() {
    return "scalar";
  }

  @Override
  void seed(StreamKey key, long unit) {
    for (int lane = 0; lane < LANES; lane++) {
      long a = key.k0() + unit * Mix.GAMMA;
      long b = key.k1() + lane * Mix.GAMMA;
      long c = key.k2();
      long d = key.k3();
      for (int round = 0; round < SEED_ROUNDS; round++) {
        a += b;
        d = Long.rotateRight(d ^ a, 32);
        c += d;
        b = Long.rotateRight(b ^ c, 24);
        a += b;
        d = Long.rotateRight(d ^ a, 16);
        c += d;
        b = Long.rotateRight(b ^ c, 63);
      }
      state[lane] = a;
      state[LANES + lane] = b;
      state[2 * LANES + lane] = c;
      state[3 * LANES + lane] = d;
    }
  }

  @Override
  void make(int rows, byte[] out, int at) {
    int end = at + rows * ROW;
    for (int lane = 0; lane < LANES; lane++) {
      long s0 = state[lane];
      long s1 = state[LANES + lane];
      long s2 = state[2 * LANES + lane];
      long s3 = state[3 * LANES + lane];
      for (int word = at + lane * Long.BYTES; word < end; word += ROW) {
        WORD.set(out, word, Long.rotateLeft(s0 + s3, 23) + s0);
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
