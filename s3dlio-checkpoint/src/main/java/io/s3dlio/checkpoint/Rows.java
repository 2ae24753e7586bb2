package io.s3dlio.checkpoint;

import java.nio.ByteBuffer;

/** Copies rows between buffers of one byte order: short ones by words, longer ones in bulk. */
final class Rows {

  /** The longest row for which moving words takes less than calling a bulk copy. */
  private static final int SHORT = 64;

  private Rows() {}

  /**
   * Copies rows that do not overlap.
   *
   * @param src which has them
   * @param at where the first of them is
   * @param srcStep how far apart they are, in bytes
   * @param dst of the same byte order
   * @param to where the first of them goes
   * @param dstStep how far apart they are there
   * @param length of each, in bytes
   * @param count how many
   */
  static void copy(
      ByteBuffer src,
      int at,
      long srcStep,
      ByteBuffer dst,
      int to,
      long dstStep,
      int length,
      int count) {
    long from = at;
    long here = to;
    for (int row = 0; row < count; row++) {
      if (length > SHORT) {
        dst.put((int) here, src, (int) from, length);
      } else if (length >= Long.BYTES) {
        longs(src, (int) from, dst, (int) here, length);
      } else if (length >= Integer.BYTES) {
        // Of 5 to 7 bytes some are copied twice.
        dst.putInt((int) here, src.getInt((int) from));
        int last = length - Integer.BYTES;
        dst.putInt((int) here + last, src.getInt((int) from + last));
      } else {
        dst.put((int) here, src.get((int) from));
        dst.put((int) here + length / 2, src.get((int) from + length / 2));
        dst.put((int) here + length - 1, src.get((int) from + length - 1));
      }
      from += srcStep;
      here += dstStep;
    }
  }

  private static void longs(ByteBuffer src, int at, ByteBuffer dst, int to, int length) {
    int last = length - Long.BYTES;
    for (int i = 0; i < last; i += Long.BYTES) {
      dst.putLong(to + i, src.getLong(at + i));
    }
    dst.putLong(to + last, src.getLong(at + last));
  }
}
