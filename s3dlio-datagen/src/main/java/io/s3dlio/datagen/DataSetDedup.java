package io.s3dlio.datagen;

import java.util.stream.LongStream;

/**
 * Copies across the objects of a data set. Of whole blocks, each object has a stretch of the
 * different blocks, which begins where its share of them does; so the stretches of neighbours
 * overlap. In every object the blocks of its stretch are in another order.
 *
 * <p>Where an object has more blocks than there are different ones, it has all of them several
 * times, in rounds. Half of them come in the first half of every round, so no two neighbours are
 * equal.
 *
 * <p>A shorter block at the end is equal to no whole one: those of all objects are shared apart.
 */
final class DataSetDedup implements BlockMap {

  /** Objects that are looked at in a row: each costs microseconds. */
  private static final int MOST = 1000;

  private final long whole;
  private final long different;
  private final long start;
  private final long round;
  private final long[] order;
  private final long tail;

  /**
   * The blocks of an object.
   *
   * @param objects how many there are
   * @param whole how many whole blocks each of them has; 0 if it is shorter than one
   * @param ratio in millionths
   * @param index which object
   * @param order four words that its order is made from
   */
  DataSetDedup(long objects, long whole, long ratio, long index, long[] order) {
    this.whole = whole;
    this.different = whole == 0 ? 0 : ObjectDedup.different(objects * whole, ratio);
    this.start = whole == 0 ? 0 : ObjectDedup.rounded(index * whole, ratio) % different;
    this.round = Math.min(whole, different);
    this.order = order;
    long tails = ObjectDedup.different(objects, ratio);
    this.tail = different + ObjectDedup.rounded(index, ratio) % tails;
  }

  /**
   * The objects that may have a different block: those whose stretch is about there, and the last
   * ones, whose stretch may go on at the begin.
   *
   * @param objects how many there are
   * @param whole how many whole blocks each of them has
   * @param ratio in millionths
   * @param unique the block's number
   * @return their indices, as many twice as objects share a block, at most {@value #MOST} twice
   */
  static LongStream sharing(long objects, long whole, long ratio, long unique) {
    long different = whole == 0 ? 0 : ObjectDedup.different(objects * whole, ratio);
    boolean isTail = unique >= different;
    long each = isTail ? 1 : whole;
    long place = isTail ? unique - different : unique;
    long last = 0; // whose stretch begins at the block or before it
    for (long step = Long.highestOneBit(objects); step > 0; step /= 2) {
      if (last + step < objects && ObjectDedup.rounded((last + step) * each, ratio) <= place) {
        last += step;
      }
    }
    long most = Math.min(MOST, ratio / GeneratorSpec.MILLION + 2);
    return LongStream.concat(downFrom(last, most), downFrom(objects - 1, most));
  }

  private static LongStream downFrom(long last, long most) {
    return LongStream.range(0, Math.min(last + 1, most)).map(i -> last - i);
  }

  @Override
  public long unique(long block) {
    if (block >= whole) {
      return tail;
    }
    long turn = block / round;
    long place = block % round;
    long half = (round + 1) / 2;
    long moved =
        place < half ? moved(turn, place, half) : half + moved(turn, place - half, round - half);
    return (start + moved) % different;
  }

  @Override
  public long first(long unique) {
    if (unique >= different) {
      return unique == tail ? whole : -1;
    }
    long moved = Math.floorMod(unique - start, different);
    long half = (round + 1) / 2;
    if (moved >= round) {
      return -1;
    }
    return moved < half ? unmoved(moved, half) : half + unmoved(moved - half, round - half);
  }

  /** A permutation of 0 to count - 1: one of the next power of two, repeated until inside. */
  private long moved(long turn, long place, long count) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(count - 1);
    long mask = (1L << bits) - 1;
    int shift = (bits + 1) / 2;
    long x = place;
    do {
      x = (x + order[0] + turn) & mask;
      for (int i = 1; i < 4; i++) {
        x = x * (order[i] | 1) & mask;
        x ^= x >>> shift;
      }
    } while (x >= count);
    return x;
  }

  /** What {@link #moved} moves to a place in the first round: its steps back, in reverse order. */
  private long unmoved(long place, long count) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(count - 1);
    long mask = (1L << bits) - 1;
    int shift = (bits + 1) / 2;
    long x = place;
    do {
      for (int i = 3; i >= 1; i--) {
        x ^= x >>> shift; // undoes itself, as it is half of the bits or more
        x = x * inverse(order[i] | 1) & mask;
      }
      x = (x - order[0]) & mask;
    } while (x >= count);
    return x;
  }

  /** What an odd number is multiplied with to give 1. */
  private static long inverse(long odd) {
    long inverse = odd; // right in 3 bits; each step doubles them
    for (int bits = 3; bits < Long.SIZE; bits *= 2) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }
}
