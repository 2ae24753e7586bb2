package io.s3dlio.checkpoint;

import io.s3dlio.ByteSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Buffers as one stretch of memory, which may be of more than 2 GiB. Different ranges may be
 * written by different threads.
 */
final class Memory implements ByteSink {

  private final ByteBuffer[] pieces;

  /** Where each begins, and at last the size of all. */
  private final long[] starts;

  /**
   * Takes buffers together.
   *
   * @param buffers each from its position to its limit
   */
  Memory(List<ByteBuffer> buffers) {
    if (buffers.stream().anyMatch(ByteBuffer::isReadOnly)) {
      throw new ReadOnlyBufferException();
    }
    pieces =
        buffers.stream()
            .filter(ByteBuffer::hasRemaining)
            .map(buffer -> buffer.slice().order(ByteOrder.nativeOrder()))
            .toArray(ByteBuffer[]::new);
    starts = new long[pieces.length + 1];
    for (int i = 0; i < pieces.length; i++) {
      starts[i + 1] = starts[i] + pieces[i].capacity();
    }
  }

  long size() {
    return starts[pieces.length];
  }

  /** The buffer that has a byte. */
  private int piece(long offset) {
    int i = Arrays.binarySearch(starts, offset + 1);
    return i < 0 ? -i - 2 : i - 1;
  }

  /** A range, in as many buffers as it is in. */
  List<ByteBuffer> slices(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, size());
    List<ByteBuffer> slices = new ArrayList<>(2);
    long at = offset;
    for (int i = length == 0 ? 0 : piece(offset); at < offset + length; i++) {
      int n = (int) (Math.min(offset + length, starts[i + 1]) - at);
      slices.add(pieces[i].slice((int) (at - starts[i]), n).order(ByteOrder.nativeOrder()));
      at += n;
    }
    return slices;
  }

  @Override
  public void write(long offset, ByteBuffer src) {
    int end = src.limit();
    for (ByteBuffer slice : slices(offset, src.remaining())) {
      src.limit(src.position() + slice.capacity());
      slice.put(src);
    }
    src.limit(end);
  }

  @Override
  public ByteBuffer target(long offset, int length) {
    List<ByteBuffer> slices = slices(offset, length);
    return slices.size() == 1 ? slices.get(0) : null;
  }

  /** Copies bytes from anywhere in a buffer. */
  void put(long offset, ByteBuffer src, int at, int length) {
    int from = at;
    for (ByteBuffer slice : slices(offset, length)) {
      slice.put(0, src, from, slice.capacity());
      from += slice.capacity();
    }
  }

  /**
   * Copies rows.
   *
   * @param offset where the first goes
   * @param step how far apart they are here
   * @param src which has them
   * @param at where the first is
   * @param srcStep how far apart they are there
   * @param length of each
   * @param count how many
   */
  void put(long offset, long step, ByteBuffer src, int at, long srcStep, int length, int count) {
    int i = piece(offset);
    if (offset + (count - 1) * step + length <= starts[i + 1]) {
      Rows.copy(src, at, srcStep, pieces[i], (int) (offset - starts[i]), step, length, count);
      return;
    }
    for (int row = 0; row < count; row++) {
      put(offset + row * step, src, (int) (at + row * srcStep), length);
    }
  }
}
