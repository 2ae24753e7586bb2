package io.s3dlio.datagen;

/** Which of the different blocks lies where. Immutable. */
interface BlockMap {

  /** No block twice. */
  BlockMap PLAIN =
      new BlockMap() {
        @Override
        public long unique(long block) {
          return block;
        }

        @Override
        public long first(long unique) {
          return unique;
        }
      };

  /**
   * The different block that lies at a place.
   *
   * @param block the place's number in the object, from 0
   */
  long unique(long block);

  /**
   * The first place of a different block, which may be beyond the object's end; negative if it has
   * none.
   *
   * @param unique the block's number, 0 or more
   */
  long first(long unique);
}
