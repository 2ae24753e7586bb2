package io.s3dlio.datagen;

import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;

/** A set of offsets, kept as its maximal ranges in ascending order. Not thread-safe. */
final class Ranges {

  /** Parts that arrive in parallel make as many pieces as there are parts under way. */
  static final int MAX_PIECES = 1 << 16;

  private long[] starts = new long[16];
  private long[] ends = new long[16];
  private int count;

  /** Adds {@code [start, end)}. */
  void add(long start, long end) throws IOException {
    if (start == end) {
      return;
    }
    int first = firstEndingAtOrAfter(start);
    int next = first;
    while (next < count && starts[next] <= end) {
      next++;
    }
    if (first == next) {
      insert(first, start, end);
      return;
    }
    // The ranges first to next - 1 touch the new one: they become one.
    starts[first] = Math.min(start, starts[first]);
    ends[first] = Math.max(end, ends[next - 1]);
    System.arraycopy(starts, next, starts, first + 1, count - next);
    System.arraycopy(ends, next, ends, first + 1, count - next);
    count -= next - first - 1;
  }

  /** How many offsets there are from one on. */
  long bytesFrom(long offset) {
    long bytes = 0;
    for (int i = firstEndingAtOrAfter(offset); i < count; i++) {
      bytes += ends[i] - Math.max(offset, starts[i]);
    }
    return bytes;
  }

  /** The smallest offset from one on. */
  OptionalLong firstFrom(long offset) {
    int i = firstEndingAtOrAfter(offset + 1);
    return i < count ? OptionalLong.of(Math.max(offset, starts[i])) : OptionalLong.empty();
  }

  private int firstEndingAtOrAfter(long offset) {
    int found = Arrays.binarySearch(ends, 0, count, offset);
    return found >= 0 ? found : -found - 1;
  }

  private void insert(int index, long start, long end) throws IOException {
    if (count == MAX_PIECES) {
      throw new IOException(
          "bytes arrived in more than "
              + MAX_PIECES
              + " separate pieces; write them in larger or adjacent ranges");
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    System.arraycopy(starts, index, starts, index + 1, count - index);
    System.arraycopy(ends, index, ends, index + 1, count - index);
    starts[index] = start;
    ends[index] = end;
    count++;
  }
}
