package io.s3dlio.datagen;

/**
 * What follows the head of a page: its last {@value #PERIOD} bytes, again and again. Words of it
 * are little-endian, as in memory.
 *
 * <p>The period divides 258, the longest match of deflate: so each match of gzip lies as far back
 * as the one before it, and costs least.
 */
final class Tail {

  static final int PERIOD = 6;

  private static final int BITS = PERIOD * Byte.SIZE;
  private static final long MASK = (1L << BITS) - 1;

  private Tail() {}

  /** The first word of the tail behind a head that ends with a word. */
  static long behind(long head) {
    return twice(head >>> (Long.SIZE - BITS));
  }

  /** The word that follows one. */
  static long next(long word) {
    int shift = (Long.BYTES - PERIOD) * Byte.SIZE;
    return (word >>> shift) | ((word << (BITS - shift)) & ~MASK);
  }

  /** The word that begins so many bytes after the begin of one. */
  static long after(long word, int bytes) {
    int shift = bytes % PERIOD * Byte.SIZE;
    long period = word & MASK;
    return twice(((period >>> shift) | (period << (BITS - shift))) & MASK);
  }

  private static long twice(long period) {
    return period | (period << BITS);
  }
}
