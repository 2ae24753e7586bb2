package io.s3dlio.datagen;

/** SplitMix64's two parts. */
final class Mix {

  /** What a counter is multiplied with. */
  static final long GAMMA = 0x9E3779B97F4A7C15L;

  private Mix() {}

  /** The output function, a bijection. */
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
