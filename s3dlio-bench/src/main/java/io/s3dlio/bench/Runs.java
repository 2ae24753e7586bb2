package io.s3dlio.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Where the bytes of a part lie in the whole: equally long runs, equally far from each other.
 *
 * @param first where the first run begins
 * @param length of each run
 * @param stride from the beginning of one to that of the next
 * @param count how many there are
 */
record Runs(long first, long length, long stride, long count) {

  /** What is done with bytes that lie next to each other in the whole. */
  @FunctionalInterface
  interface Step {
    /**
     * Takes bytes or makes them.
     *
     * @param offset in the whole
     * @param bytes from its position to its limit; the position is then the limit
     */
    void at(long offset, ByteBuffer bytes) throws IOException;
  }

  long size() {
    return length * count;
  }

  /** Goes through a range of the part, which is as long as the buffer, run by run. */
  void forEach(long offset, ByteBuffer bytes, Step step) throws IOException {
    Objects.checkFromIndexSize(offset, bytes.remaining(), size());
    int limit = bytes.limit();
    long at = offset;
    while (bytes.position() < limit) {
      long within = at % length;
      int n = (int) Math.min(limit - bytes.position(), length - within);
      bytes.limit(bytes.position() + n);
      step.at(first + at / length * stride + within, bytes);
      bytes.limit(limit);
      at += n;
    }
  }
}
