package io.s3dlio.datagen;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * xoshiro256++ in {@value #LANES} interleaved lanes. A row is one output of each lane, in their
 * order, little-endian.
 *
 * <p>All kernels make the same bytes. An instance serves one thread: it has the lanes' state.
 */
abstract class Kernel {

  /** Two vectors of 512 bits, or four of 256. */
  static final int LANES = 16;

  /** Bytes in a row. */
  static final int ROW = LANES * Long.BYTES;

  /** Times that the function which seeds is applied. */
  static final int SEED_ROUNDS = 3;

  private static final int STAGED_ROWS = 32;

  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Word j of lane l is at {@code j * LANES + l}. */
  final long[] state = new long[4 * LANES];

  private final byte[] staged = new byte[STAGED_ROWS * ROW];
  private final ByteBuffer stagedBuffer = ByteBuffer.wrap(staged);

  /** What the property that chooses a kernel calls it. */
  abstract String kernelName();

  /** Sets the lanes to their first states in a unit. */
  abstract void seed(StreamKey key, long unit);

  /** Makes the next rows, into an array from an index on. */
  abstract void make(int rows, byte[] out, int at);

  /** Makes the next rows, into a buffer from an index on, up to its limit at most. */
  void make(int rows, ByteBuffer out, int at) {
    for (int done = 0; done < rows; done += STAGED_ROWS) {
      int some = Math.min(STAGED_ROWS, rows - done);
      make(some, staged, 0);
      out.put(at + done * ROW, staged, 0, some * ROW);
    }
  }

  /** Makes the next rows, and tells whether a buffer has them from an index on. */
  boolean matches(int rows, ByteBuffer in, int at) {
    int position = in.position();
    int limit = in.limit();
    try {
      for (int done = 0; done < rows; done += STAGED_ROWS) {
        int some = Math.min(STAGED_ROWS, rows - done);
        make(some, staged, 0);
        int from = at + done * ROW;
        in.limit(from + some * ROW).position(from);
        if (in.mismatch(stagedBuffer.limit(some * ROW)) >= 0) {
          return false;
        }
      }
      return true;
    } finally {
      in.limit(limit).position(position);
    }
  }

  /** Fills from an index to another, 8 bytes or more, with what goes on as a tail does. */
  void fill(long tail, ByteBuffer out, int from, int end) {
    int last = end - Long.BYTES;
    long word = tail;
    for (int at = from; at < last; at += Long.BYTES) {
      WORD.set(out, at, word);
      word = Tail.next(word);
    }
    WORD.set(out, last, Tail.after(tail, last - from));
  }

  /** Tells whether a buffer is filled so. */
  boolean isFilled(long tail, ByteBuffer in, int from, int end) {
    int last = end - Long.BYTES;
    long difference = (long) WORD.get(in, last) ^ Tail.after(tail, last - from);
    long word = tail;
    for (int at = from; at < last; at += Long.BYTES) {
      difference |= (long) WORD.get(in, at) ^ word;
      word = Tail.next(word);
    }
    return difference == 0;
  }
}
