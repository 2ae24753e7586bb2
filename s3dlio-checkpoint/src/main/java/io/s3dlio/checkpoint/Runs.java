package io.s3dlio.checkpoint;

import java.util.Arrays;

/**
 * Runs of bytes of one length, at regular distances, these again at regular distances and so on: a
 * box as it lies in a larger one, in row-major order. Described by a few numbers, however many runs
 * there are.
 *
 * @param start where the first run begins
 * @param length of each run, 1 or more
 * @param counts how many there are, by level, the outermost first; each 2 or more
 * @param steps how far apart, in bytes, by level; each at least what the levels below it span
 */
record Runs(long start, long length, long[] counts, long[] steps) {

  /** There is no such byte. */
  static final long NONE = Long.MAX_VALUE;

  /**
   * Which run is the last to begin at a byte or before it, which is not before the first.
   *
   * @return its index by level
   */
  long[] locate(long at) {
    long[] index = new long[counts.length];
    long rest = at - start;
    for (int i = 0; i < index.length; i++) {
      index[i] = Math.min(counts[i] - 1, rest / steps[i]);
      rest -= index[i] * steps[i];
    }
    return index;
  }

  /** Where a run begins. */
  long begin(long[] index) {
    long begin = start;
    for (int i = 0; i < index.length; i++) {
      begin += index[i] * steps[i];
    }
    return begin;
  }

  /** Makes an index that of the next run; false if there is none. */
  boolean advance(long[] index) {
    for (int i = index.length - 1; i >= 0; i--) {
      if (++index[i] < counts[i]) {
        return true;
      }
      index[i] = 0;
    }
    return false;
  }

  /** The first byte of a run that is at this offset or behind it. */
  long next(long at) {
    if (at <= start) {
      return start;
    }
    long[] index = locate(at);
    if (at < begin(index) + length) {
      return at;
    }
    return advance(index) ? begin(index) : NONE;
  }

  /** Where the last byte of a run ends that is before this offset, which is behind the start. */
  long endBefore(long at) {
    return Math.min(at, endOf(at - 1));
  }

  /** Where the run ends that is the last to begin at this byte or before it. */
  long endOf(long at) {
    return begin(locate(at)) + length;
  }

  /**
   * The runs that come of these if those are joined that are no more bytes apart than this. The
   * outer levels have no smaller gaps than the inner ones.
   */
  Runs joined(long gap) {
    int levels = counts.length;
    long joined = length;
    while (levels > 0 && steps[levels - 1] - joined <= gap) {
      levels--;
      joined += (counts[levels] - 1) * steps[levels];
    }
    return new Runs(start, joined, Arrays.copyOf(counts, levels), Arrays.copyOf(steps, levels));
  }
}
