package io.s3dlio.datagen;

import java.security.SecureRandom;

/**
 * What all objects of a data set have in common. Objects of different seeds share no bytes.
 *
 * <p>Make one with {@link #of} or {@link #random}: parameters may be added.
 *
 * @param formatVersion the version of the function that makes the bytes; {@value #FORMAT_VERSION}
 *     is the only one
 * @param seed any number
 */
public record GeneratorSpec(int formatVersion, long seed) {

  /** The version of the function that makes the bytes. */
  public static final int FORMAT_VERSION = 1;

  /**
   * Checks the version.
   *
   * @throws IllegalArgumentException if it is not known
   */
  public GeneratorSpec {
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "generator format version "
              + formatVersion
              + " is not known; this version of s3dlio knows "
              + FORMAT_VERSION);
    }
  }

  /**
   * The data set of a seed.
   *
   * @param seed any number
   * @return the specification, of the newest format version
   */
  public static GeneratorSpec of(long seed) {
    return new GeneratorSpec(FORMAT_VERSION, seed);
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
    return new GeneratorSpec(formatVersion, seed);
  }

  /**
   * An object of this data set.
   *
   * @param key its name, which its bytes depend on: well-formed Unicode, may be empty
   * @param size its size in bytes, 0 or more. An object's bytes are the first ones of any larger
   *     object with its key
   * @return the object
   * @throws IllegalArgumentException if the key is not well-formed or the size negative
   */
  public GeneratedObject object(String key, long size) {
    return new GeneratedObject(this, key, size);
  }
}
