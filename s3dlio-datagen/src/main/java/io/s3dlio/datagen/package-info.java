/**
 * Synthetic data and its check.
 *
 * <p>A {@link io.s3dlio.datagen.GeneratedObject} is a source of bytes that are a pure function of
 * (format version, seed, key, offset): any range can be made alone, in any order, by any number of
 * threads, and made again. A {@link io.s3dlio.datagen.CheckingSink} makes the same bytes once more
 * and compares what arrives with them, so that an object read back is proved right without a copy
 * to compare with.
 *
 * <p>A {@link io.s3dlio.datagen.DataGenerator} puts an object's bytes into one buffer after the
 * other, a {@link io.s3dlio.datagen.SlicePool} gives small pieces that are all different, and a
 * {@link io.s3dlio.datagen.GeneratorPool} has threads for large ones.
 *
 * <p>A {@link io.s3dlio.datagen.GeneratorSpec} says what the bytes are like: how far they can be
 * compressed, in every page of 4 KiB, and how many blocks are copies of others, within an object or
 * across the objects of a data set.
 *
 * <p>{@link io.s3dlio.datagen.GeneratedVectors} are rows of floats made of such bytes.
 *
 * <p>The function is specified, with test vectors, in {@code docs/generator-format.md}; it has a
 * version number, and a version never changes.
 *
 * <p>Sources: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators"
 * (xoshiro256++, 2021); G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
 * generators" (SplitMix64, 2014); RFC 7693 (the function G of BLAKE2b).
 */
package io.s3dlio.datagen;
