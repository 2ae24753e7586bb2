package io.s3dlio.datagen;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a {@link CheckingSink} found.
 *
 * @param checkedBytes bytes that arrived, those that arrived again counted once
 * @param wrongBytes how many of them are not what the object holds; a byte beyond the object's size
 *     is wrong
 * @param missingBytes bytes of the object that did not arrive
 * @param firstWrongOffset the smallest offset of a wrong byte; empty if there is none
 * @param misplaced the first wrong bytes found of which it can be told whose they are: those that
 *     begin with the first 16 bytes of a unit (32 KiB, or a dedup block if that is smaller) of the
 *     same data set or of another object that the check was told of; empty if there are none
 */
public record CheckResult(
    long checkedBytes,
    long wrongBytes,
    long missingBytes,
    OptionalLong firstWrongOffset,
    Optional<Misplaced> misplaced) {

  /**
   * Whether all that arrived is right. This is what counts where a range was asked for.
   *
   * @return true if no byte is wrong; bytes may be missing
   */
  public boolean isRight() {
    return wrongBytes == 0;
  }

  /**
   * Whether the object arrived as it must be: not a byte wrong, none missing, none too many.
   *
   * @return true if so
   */
  public boolean isWholeAndRight() {
    return wrongBytes == 0 && missingBytes == 0;
  }
}
