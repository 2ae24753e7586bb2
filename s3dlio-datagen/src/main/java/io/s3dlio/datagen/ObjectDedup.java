package io.s3dlio.datagen;

/**
 * Copies within an object. New blocks come at one pace from its begin to its end, after the first
 * two; in between are copies of earlier ones, picked from the newest {@value #WINDOW}, so that no
 * block has far more copies than others. Two neighbours are never equal if there are two different
 * blocks at all: copies alternate between blocks of even and of odd number, and none is of the new
 * block before it.
 */
final class ObjectDedup implements BlockMap {

  /** Even, so that it has as many even numbers as odd ones. */
  static final long WINDOW = 4096;

  private final long ratio;
  private final long different;
  private final long key;

  /**
   * The blocks of an object.
   *
   * @param blocks how many there are
   * @param ratio in millionths
   * @param key which copies are picked
   */
  ObjectDedup(long blocks, long ratio, long key) {
    this.ratio = ratio;
    this.different = different(blocks, ratio);
    this.key = key;
  }

  /** How many different blocks there are among some: at least 1, halves rounded up. */
  static long different(long blocks, long ratio) {
    return Math.max(1, rounded(blocks, ratio));
  }

  /** A number of blocks divided by the ratio, halves rounded up. */
  static long rounded(long blocks, long ratio) {
    return blocks / ratio * GeneratorSpec.MILLION
        + (2 * (blocks % ratio) * GeneratorSpec.MILLION + ratio) / (2 * ratio);
  }

  @Override
  public long unique(long block) {
    if (block < 2 || different < 2) {
      return Math.min(block, different - 1);
    }
    long product = block % ratio * GeneratorSpec.MILLION;
    long quotient = block / ratio * GeneratorSpec.MILLION + product / ratio;
    long rest = product % ratio;
    // The ratio is 1 or more: from one block to the next the quotient grows by 1 at most.
    long before = created(block - 1, rest < GeneratorSpec.MILLION ? quotient - 1 : quotient);
    long now = created(block, quotient);
    long after =
        created(block + 1, rest >= ratio - GeneratorSpec.MILLION ? quotient + 1 : quotient);
    if (after > now) {
      return now;
    }
    long end = now > before ? now - 1 : now;
    long from = Math.max(0, end - WINDOW);
    long copies = block - now;
    from += (from ^ copies) & 1;
    long choices = (end - from + 1) / 2;
    return from + 2 * scaled(Mix.mix(key + block * Mix.GAMMA), choices);
  }

  /** How many different blocks there are before a place, given the place divided by the ratio. */
  private long created(long block, long quotient) {
    return Math.min(block, Math.min(different, quotient + 2));
  }

  @Override
  public long first(long unique) {
    return unique < different ? first(unique, ratio) : -1;
  }

  /** The first place of a different block, where there are so many. */
  private static long first(long unique, long ratio) {
    // The new block is there once (place + 1) / ratio >= unique - 1.
    long wanted = Math.max(0, unique - 1);
    long million = GeneratorSpec.MILLION;
    long end = wanted / million * ratio + (wanted % million * ratio + million - 1) / million;
    return Math.max(unique, end - 1);
  }

  /** The upper 63 bits of a hash, mapped to 0 to choices - 1. */
  private static long scaled(long hash, long choices) {
    return Math.multiplyHigh(hash >>> 1, choices << 1);
  }
}
