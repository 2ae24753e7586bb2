package io.s3dlio.checkpoint;

import io.s3dlio.safetensors.DType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where the elements that two boxes of a tensor have in common lie in each of them: runs that are
 * in one piece in both, as long as that is possible.
 *
 * @param from the runs in the box that is read
 * @param to where the first of them goes in the box that is filled, in bytes
 * @param steps how far apart they are there, in bytes, by level
 */
record BoxCopy(Runs from, long to, long[] steps) {

  /**
   * Compares two boxes.
   *
   * @param source the box that is read
   * @param target the box that is filled
   * @param common what both have, at least one element
   * @throws IllegalArgumentException if a run begins or ends within a byte
   */
  static BoxCopy of(DType dtype, TensorSlice source, TensorSlice target, TensorSlice common) {
    int dimensions = common.shape().size();
    long[] counts = new long[dimensions];
    long[] fromSteps = new long[dimensions];
    long[] toSteps = new long[dimensions];
    int outermost = dimensions; // levels are found from the last one on
    long run = 1;
    long from = 0;
    long to = 0;
    long fromStep = 1;
    long toStep = 1;
    for (int d = dimensions - 1; d >= 0; d--) {
      from += (common.offsets().get(d) - source.offsets().get(d)) * fromStep;
      to += (common.offsets().get(d) - target.offsets().get(d)) * toStep;
      long count = common.shape().get(d);
      if (outermost == dimensions && fromStep == run && toStep == run) {
        run *= count;
      } else if (outermost < dimensions
          && fromStep == counts[outermost] * fromSteps[outermost]
          && toStep == counts[outermost] * toSteps[outermost]) {
        counts[outermost] *= count;
      } else if (count > 1) {
        outermost--;
        counts[outermost] = count;
        fromSteps[outermost] = fromStep;
        toSteps[outermost] = toStep;
      }
      fromStep *= source.shape().get(d);
      toStep *= target.shape().get(d);
    }
    Runs runs =
        new Runs(
            bytes(dtype, from),
            bytes(dtype, run),
            Arrays.copyOfRange(counts, outermost, dimensions),
            bytes(dtype, Arrays.copyOfRange(fromSteps, outermost, dimensions)));
    return new BoxCopy(
        runs, bytes(dtype, to), bytes(dtype, Arrays.copyOfRange(toSteps, outermost, dimensions)));
  }

  private static long[] bytes(DType dtype, long[] elements) {
    return Arrays.stream(elements).map(n -> bytes(dtype, n)).toArray();
  }

  private static long bytes(DType dtype, long elements) {
    long bits = elements * dtype.bits();
    if (bits % 8 != 0) {
      throw new IllegalArgumentException(
          "elements of " + dtype + " share bytes, and a row of this slice ends within one");
    }
    return bits / 8;
  }

  /** The target's offset of what is at an offset of the source, in a run given by its index. */
  private long target(long[] index, long inRun) {
    long at = to + inRun;
    for (int i = 0; i < index.length; i++) {
      at += index[i] * steps[i];
    }
    return at;
  }

  /** The target's offset of a byte of a run. */
  long target(long at) {
    long[] index = from.locate(at);
    return target(index, at - from.begin(index));
  }

  /**
   * Copies what is within a range of the source.
   *
   * @param begin where the range begins
   * @param end where it ends
   * @param bytes the source's bytes from an origin on
   * @param origin which byte of the source is the first of them
   * @param target the other box
   */
  void copy(long begin, long end, ByteBuffer bytes, long origin, Memory target) {
    long first = from.next(begin);
    if (first >= end) {
      return;
    }
    int inner = steps.length - 1;
    long[] index = from.locate(first);
    do {
      long run = from.begin(index);
      if (run >= end) {
        return;
      }
      long at = Math.max(run, begin);
      int length = (int) (Math.min(run + from.length(), end) - at);
      int here = (int) (at - origin);
      if (inner < 0 || length < from.length()) {
        target.put(target(index, at - run), bytes, here, length);
      } else {
        long left = (end - run - length) / from.steps()[inner] + 1;
        int count = (int) Math.min(left, from.counts()[inner] - index[inner]);
        long step = from.steps()[inner];
        target.put(target(index, 0), steps[inner], bytes, here, step, length, count);
        index[inner] += count - 1;
      }
    } while (from.advance(index));
  }
}
