package io.s3dlio.checkpoint;

import java.security.SecureRandom;
import java.util.Collection;
import java.util.SplittableRandom;

/**
 * Whether boxes make up a whole, without comparing them with each other.
 *
 * <p>A box has a weight: the product, over the dimensions, of v(begin) - v(end), where v gives each
 * coordinate of each dimension a random number. Two boxes that touch have together the weight of
 * the one that they make up, since the v in between cancels out. So the weights of boxes that tile
 * a whole add up to its weight. Of others they do only by chance: written out, the sum is one of
 * products of coordinates, each with how often it is a corner, and functions of space with the same
 * corners are the same. As polynomials of the random numbers that differ, they agree with a
 * probability of at most dimensions / 2^61 (Schwartz and Zippel).
 */
final class Tiling {

  /** Sums and products are modulo this, a prime. */
  private static final long PRIME = (1L << 61) - 1;

  private final long[] seeds;

  private Tiling(int dimensions) {
    SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
    seeds = random.longs(2L * dimensions).toArray();
  }

  static boolean of(TensorSlice whole, Collection<TensorSlice> parts) {
    Tiling tiling = new Tiling(whole.shape().size());
    long sum = 0;
    for (TensorSlice part : parts) {
      if (part.shape().size() != whole.shape().size()) {
        return false;
      }
      sum = (sum + tiling.weight(part)) % PRIME;
    }
    return sum == tiling.weight(whole);
  }

  private long weight(TensorSlice box) {
    long weight = 1;
    for (int d = 0; d < box.shape().size(); d++) {
      long side = value(d, box.offsets().get(d)) - value(d, box.end(d));
      weight = times(weight, side < 0 ? side + PRIME : side);
    }
    return weight;
  }

  /** Random to who does not know the seeds, and not kept: hostile input has many coordinates. */
  private long value(int dimension, long coordinate) {
    long once = mix(coordinate + seeds[2 * dimension]);
    return (mix(once ^ seeds[2 * dimension + 1]) >>> 3) % PRIME;
  }

  /** Stafford's mix13, as in SplittableRandom. */
  private static long mix(long z) {
    long y = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    long x = (y ^ y >>> 27) * 0x94d049bb133111ebL;
    return x ^ x >>> 31;
  }

  private static long times(long a, long b) {
    long low = a * b;
    long high = Math.multiplyHigh(a, b);
    // 2^61 is 1 modulo the prime.
    return ((low & PRIME) + (high << 3 | low >>> 61)) % PRIME;
  }
}
