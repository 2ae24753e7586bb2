package io.s3dlio.datagen;

/**
 * Where the blocks that are equal lie.
 *
 * <p>Immutable. {@link #OBJECT} is the default.
 */
public sealed interface DedupScope {

  /** Equal blocks lie in the same object; no two objects share any. */
  DedupScope OBJECT = new WithinObject();

  /**
   * Equal blocks lie in different objects.
   *
   * @param objects how many objects there are, 1 or more
   * @param objectSize the size of each in bytes, 1 or more
   * @return the scope
   * @throws IllegalArgumentException if a number is out of range or all objects together have more
   *     than 2^63 - 1 bytes
   */
  static DedupScope dataSet(long objects, long objectSize) {
    return new DataSet(objects, objectSize);
  }

  /** See {@link DedupScope#OBJECT}. */
  record WithinObject() implements DedupScope {}

  /**
   * See {@link DedupScope#dataSet}.
   *
   * @param objects how many objects there are
   * @param objectSize the size of each in bytes
   */
  record DataSet(long objects, long objectSize) implements DedupScope {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public DataSet {
      if (objects < 1 || objectSize < 1) {
        throw new IllegalArgumentException(
            objects
                + " objects of "
                + objectSize
                + " bytes each: a data set has 1 object or more, of 1 byte or more");
      }
      if (objects > Long.MAX_VALUE / objectSize) {
        throw new IllegalArgumentException(
            objects + " objects of " + objectSize + " bytes each: together more than 2^63 - 1");
      }
    }
  }
}
