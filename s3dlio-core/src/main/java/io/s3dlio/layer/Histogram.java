package io.s3dlio.layer;

import java.util.Arrays;

/**
 * How times are distributed, in nanoseconds. Each is known to 1/64 of itself, those below 64 ns
 * exactly. Immutable.
 */
public final class Histogram {

  /** The steps into which each doubling is cut. */
  private static final int STEPS = 32;

  /** Enough for every long that is not negative. */
  static final int BUCKETS = index(Long.MAX_VALUE) + 1;

  static final Histogram EMPTY = new Histogram(new long[BUCKETS], 0);

  private final long[] counts;
  private final long count;
  private final long sum;

  /** Takes the counts over. */
  Histogram(long[] counts, long sum) {
    this.counts = counts;
    this.count = Arrays.stream(counts).sum();
    this.sum = sum;
  }

  /** Where a value of 0 or more is counted. */
  static int index(long value) {
    int shift = shift(value);
    return shift * STEPS + (int) (value >>> shift);
  }

  private static int shift(long value) {
    return Math.max(0, 58 - Long.numberOfLeadingZeros(value));
  }

  /** The middle of what is counted in a bucket. */
  private static long value(int index) {
    int shift = index < 2 * STEPS ? 0 : index / STEPS - 1;
    return ((long) (index - shift * STEPS) << shift) + ((1L << shift) >> 1);
  }

  /**
   * How many times there are.
   *
   * @return 0 or more
   */
  public long count() {
    return count;
  }

  /**
   * The sum of all, exactly.
   *
   * @return nanoseconds
   */
  public long sum() {
    return sum;
  }

  /**
   * The arithmetic mean.
   *
   * @return nanoseconds; 0 if there are no times
   */
  public double mean() {
    return count == 0 ? 0 : (double) sum / count;
  }

  /**
   * The least time that a share of all does not exceed.
   *
   * @param share from 0 to 1: 0.5 is the median, 1 the greatest of all
   * @return nanoseconds, at most 1/64 off; 0 if there are no times
   */
  public long quantile(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is from 0 to 1: " + share);
    }
    long rank = Math.max(1, (long) Math.ceil(share * count));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return value(i);
      }
    }
    return 0;
  }

  /** What has come since an earlier state of the same. */
  Histogram since(Histogram earlier) {
    long[] more = counts.clone();
    Arrays.setAll(more, i -> counts[i] - earlier.counts[i]);
    return new Histogram(more, sum - earlier.sum);
  }
}
