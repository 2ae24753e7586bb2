package io.s3dlio.datagen;

import java.util.Optional;

/**
 * Bytes that were found where others belong, and whose they are: of another object that was swapped
 * with the checked one, of an older one in its place, or of another place in the same object.
 *
 * @param offset where they were found in the checked object, in bytes
 * @param object whose they are, if the check knows the object; empty if it only knows that they are
 *     of the same data set
 * @param objectId the number that stands for that object's key in the data; 0 where objects share
 *     blocks
 * @param originalOffset where they belong in that object, in bytes: the first such place; where
 *     objects share blocks, their place among all different blocks
 */
public record Misplaced(
    long offset, Optional<GeneratedObject> object, long objectId, long originalOffset) {

  /** What was found, as the end of a sentence. */
  @Override
  public String toString() {
    String whose =
        object
            .map(known -> "of " + known.toText())
            .orElse(
                objectId == 0
                    ? "of the blocks that all objects share"
                    : "of an object of the same data set, whose key has the id %016x"
                        .formatted(objectId));
    return "at offset %,d there are bytes from offset %,d %s"
        .formatted(offset, originalOffset, whose);
  }
}
