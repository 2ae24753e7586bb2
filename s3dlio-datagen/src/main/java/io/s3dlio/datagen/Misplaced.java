package io.s3dlio.datagen;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Bytes that were found where others belong, and whose they are: of another object that was swapped
 * with the checked one, of an older one in its place, or of another place in the same object.
 *
 * @param offset where they were found in the checked object, in bytes
 * @param object whose they are, if the check knows the object; empty if it only knows the number
 * @param dataSet the specification of the object whose they are
 * @param objectId the number of that object: {@link GeneratedObject#index} where objects share
 *     blocks, else {@link GeneratedObject#id}. A block that several objects share is told to be of
 *     one that has it at the offset where it was found, if there is one (of a block that thousands
 *     share, if one is seen soon)
 * @param originalOffset where they belong in that object, in bytes: the same as {@code offset} if
 *     the object is known, or the blocks are shared, and they are there, too; else the first such
 *     place
 */
public record Misplaced(
    long offset,
    Optional<GeneratedObject> object,
    GeneratorSpec dataSet,
    long objectId,
    long originalOffset) {

  /**
   * The same bytes, told to be of an object of which only the number was known to the check.
   *
   * @param found an object that may be the one, as of a list of all that were written
   * @return the same with the object; empty if it is not the one, or is too small to have the bytes
   */
  public Optional<Misplaced> in(GeneratedObject found) {
    if (!found.spec().equals(dataSet) || number(found) != objectId) {
      return Optional.empty();
    }
    return place(found).stream()
        .mapToObj(at -> new Misplaced(offset, Optional.of(found), dataSet, objectId, at))
        .findFirst();
  }

  /** The number that an object is called by. */
  static long number(GeneratedObject object) {
    return object.spec().sharesBlocks() ? object.index() : object.id();
  }

  /** Where only a number is known, the place is the first one in an object large enough. */
  private OptionalLong place(GeneratedObject found) {
    if (dataSet.sharesBlocks()) {
      return OptionalLong.of(originalOffset);
    }
    long unit = dataSet.object(found.key(), Long.MAX_VALUE).unitAt(originalOffset);
    OptionalLong first = found.firstOffset(unit, Origins.PROOF);
    if (first.isEmpty() || first.getAsLong() != originalOffset) {
      return OptionalLong.empty();
    }
    return found.has(unit, Origins.PROOF, offset) ? OptionalLong.of(offset) : first;
  }

  /** What was found, as the end of a sentence. */
  @Override
  public String toString() {
    String set = SpecText.format(dataSet);
    String whose =
        object
            .map(GeneratedObject::toText)
            .orElse(
                dataSet.sharesBlocks()
                    ? "object " + objectId + " of " + set
                    : "an object of %s whose key has the id %016x".formatted(set, objectId));
    return "at offset %,d there are bytes from offset %,d of %s"
        .formatted(offset, originalOffset, whose);
  }
}
