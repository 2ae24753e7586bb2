package io.s3dlio.datagen;

/** Which of the different blocks lies where. Immutable. */
interface BlockMap {

  /** No block twice. */
  BlockMap PLAIN = block -> block;

  /**
   * The different block that lies at a place.
   *
   * @param block the place's number in the object, from 0
   */
  long unique(long block);
}
