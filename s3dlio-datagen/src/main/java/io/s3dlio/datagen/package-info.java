/**
 * Synthetic data and its check.
 *
 * <p>A {@link io.s3dlio.datagen.GeneratedObject} is a source of bytes that are a pure function of
 * (format version, seed, key, offset): any range can be made alone, in any order, by any number of
 * threads, and made again. A {@link io.s3dlio.datagen.CheckingSink} makes the same bytes once more
 * and compares what arrives with them, so that an object read back is proved right without a copy
 * to compare with.
 *
 * <h2>The format, version 1</h2>
 *
 * It may change until it is published as a specification. The bytes are incompressible, and no two
 * blocks, objects or seeds share any.
 *
 * <ul>
 *   <li>Four 64-bit words k0 to k3 are the SHA-256, read as little-endian words, of: the format
 *       version and the seed, each as 8 little-endian bytes, and the key in UTF-8.
 *   <li>An object is a sequence of blocks of 32 KiB, numbered from 0. A block is made by 16 lanes,
 *       each a xoshiro256++ generator. Word j of the state of lane l of block b is mix(kj + (16 b +
 *       l) &middot; 0x9E3779B97F4A7C15), where mix is the output function of SplitMix64. Within an
 *       object no two lanes have a word of their first state in common.
 *   <li>Word w of the block (8 bytes, little-endian) is output number w / 16 of lane w mod 16.
 * </ul>
 *
 * Sources: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators" (xoshiro256++,
 * 2021); G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators" (SplitMix64,
 * 2014).
 */
package io.s3dlio.datagen;
