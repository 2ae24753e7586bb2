package io.s3dlio.datagen;

import java.security.SecureRandom;

/**
 * What all objects of a data set have in common. Objects of data sets that differ in anything share
 * no bytes.
 *
 * <p>Make one with {@link #of} or {@link #random} and the methods that begin with {@code with}:
 * parameters may be added. Immutable.
 *
 * <p>Compression and dedup are independent of each other: neither changes what the other is
 * measured to be.
 *
 * @param formatVersion the version of the function that makes the bytes; {@value #FORMAT_VERSION}
 *     is the only one
 * @param seed any number
 * @param compression the size of the data divided by what a compressor makes of it, in every page
 *     of 4 KiB: 1 to {@value #MAX_COMPRESSION}, in millionths
 * @param dedup the number of blocks divided by the number of different blocks: 1 to {@value
 *     #MAX_DEDUP}, in millionths
 * @param dedupBlock the size of those blocks in bytes, a power of two from 512 to 4,194,304
 * @param dedupScope where equal blocks lie
 */
public record GeneratorSpec(
    int formatVersion,
    long seed,
    double compression,
    double dedup,
    int dedupBlock,
    DedupScope dedupScope) {

  /** The version of the function that makes the bytes. */
  public static final int FORMAT_VERSION = 1;

  /** The largest compression ratio. */
  public static final double MAX_COMPRESSION = 20;

  /** The largest dedup ratio. */
  public static final double MAX_DEDUP = 1_000_000;

  /** The size of a dedup block in bytes, unless another is asked for. */
  public static final int DEFAULT_DEDUP_BLOCK = 4096;

  /** Ratios are whole numbers of millionths, so that no arithmetic on them is rounded. */
  static final long MILLION = 1_000_000;

  private static final int MIN_DEDUP_BLOCK = 512;
  private static final int MAX_DEDUP_BLOCK = 4 << 20;

  /**
   * Checks all, and rounds the ratios to millionths.
   *
   * @throws IllegalArgumentException if the version is not known or a value is out of range; the
   *     message has the value and the range
   */
  public GeneratorSpec {
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "generator format version "
              + formatVersion
              + " is not known; this version of s3dlio knows "
              + FORMAT_VERSION);
    }
    compression = ratio("compression", compression, MAX_COMPRESSION);
    dedup = ratio("dedup", dedup, MAX_DEDUP);
    if (dedupBlock < MIN_DEDUP_BLOCK
        || dedupBlock > MAX_DEDUP_BLOCK
        || Integer.bitCount(dedupBlock) != 1) {
      throw new IllegalArgumentException(
          "dedup block of %,d bytes: must be a power of two from %,d to %,d"
              .formatted(dedupBlock, MIN_DEDUP_BLOCK, MAX_DEDUP_BLOCK));
    }
    if (dedupScope == null) {
      throw new IllegalArgumentException("dedup scope is null");
    }
  }

  private static double ratio(String name, double ratio, double max) {
    // Not a number is neither.
    if (!(ratio >= 1 && ratio <= max)) {
      throw new IllegalArgumentException(
          "%s ratio %s: must be 1 to %,.0f".formatted(name, Double.toString(ratio), max));
    }
    return Math.rint(ratio * MILLION) / MILLION;
  }

  /**
   * The data set of a seed, incompressible and with no block twice.
   *
   * @param seed any number
   * @return the specification, of the newest format version
   */
  public static GeneratorSpec of(long seed) {
    return new GeneratorSpec(FORMAT_VERSION, seed, 1, 1, DEFAULT_DEDUP_BLOCK, DedupScope.OBJECT);
  }

  /**
   * A data set that has not been seen before.
   *
   * @return a specification whose seed is random, 0 or more
   */
  public static GeneratorSpec random() {
    return of(new SecureRandom().nextLong() & Long.MAX_VALUE);
  }

  /**
   * The same with another seed.
   *
   * @param seed any number
   * @return the specification
   */
  public GeneratorSpec withSeed(long seed) {
    return new GeneratorSpec(formatVersion, seed, compression, dedup, dedupBlock, dedupScope);
  }

  /**
   * The same with another compression ratio.
   *
   * @param ratio 1 (incompressible) to {@value #MAX_COMPRESSION}
   * @return the specification
   * @throws IllegalArgumentException if it is out of range
   */
  public GeneratorSpec withCompression(double ratio) {
    return new GeneratorSpec(formatVersion, seed, ratio, dedup, dedupBlock, dedupScope);
  }

  /**
   * The same with another dedup ratio.
   *
   * @param ratio 1 (no block twice) to {@value #MAX_DEDUP}
   * @return the specification
   * @throws IllegalArgumentException if it is out of range
   */
  public GeneratorSpec withDedup(double ratio) {
    return new GeneratorSpec(formatVersion, seed, compression, ratio, dedupBlock, dedupScope);
  }

  /**
   * The same with another size of dedup blocks.
   *
   * @param bytes a power of two from 512 to 4,194,304
   * @return the specification
   * @throws IllegalArgumentException if it is not
   */
  public GeneratorSpec withDedupBlock(int bytes) {
    return new GeneratorSpec(formatVersion, seed, compression, dedup, bytes, dedupScope);
  }

  /**
   * The same with equal blocks elsewhere.
   *
   * @param scope where equal blocks lie
   * @return the specification
   */
  public GeneratorSpec withDedupScope(DedupScope scope) {
    return new GeneratorSpec(formatVersion, seed, compression, dedup, dedupBlock, scope);
  }

  /**
   * An object of this data set.
   *
   * @param key its name, which its bytes depend on: well-formed Unicode, may be empty
   * @param size its size in bytes, 0 or more. Without dedup, an object's bytes are the first ones
   *     of any larger object with its key
   * @return the object
   * @throws IllegalArgumentException if the key is not well-formed or the size negative, or if
   *     objects share blocks: those are made with {@link #object(String, long, long)}
   */
  public GeneratedObject object(String key, long size) {
    if (sharesBlocks()) {
      throw new IllegalArgumentException(
          "the objects of this data set share blocks: an object's bytes depend on its index, which"
              + " is not given");
    }
    return new GeneratedObject(this, key, size, 0);
  }

  /**
   * An object of a data set, by its number.
   *
   * @param key its name; where objects share blocks, its bytes depend on the index only
   * @param size its size in bytes, 0 or more; where objects share blocks, that of the scope
   * @param index its number in the data set, 0 or more; where objects share blocks, below their
   *     number; where they do not, without meaning
   * @return the object
   * @throws IllegalArgumentException if the key is not well-formed or a number out of range
   */
  public GeneratedObject object(String key, long size, long index) {
    return new GeneratedObject(this, key, size, sharesBlocks() ? index : 0);
  }

  /** Whether equal blocks lie in different objects. */
  boolean sharesBlocks() {
    return dedup > 1 && dedupScope instanceof DedupScope.DataSet;
  }

  /** A ratio in millionths. */
  static long millionths(double ratio) {
    return Math.round(ratio * MILLION);
  }
}
