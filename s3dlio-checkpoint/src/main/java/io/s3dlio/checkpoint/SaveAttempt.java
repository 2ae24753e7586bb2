package io.s3dlio.checkpoint;

import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One attempt of all ranks to save a step. Whoever coordinates begins it, by {@link
 * CheckpointStore#begin}, and tells the others, as text, by whatever means the ranks have. What an
 * attempt writes lies under its own name, so that two attempts at a step, even at the same moment,
 * never touch each other's bytes. Immutable.
 *
 * @param id its name, which no other has
 * @param step of the training, 0 or more
 * @param worldSize how many ranks save, 1 or more
 * @param after the last slot of the log when it began, or -1 where there was none
 */
public record SaveAttempt(UUID id, long step, int worldSize, long after) {

  /** As {@link #toString} writes it, and in no other way. */
  private static final Pattern TEXT =
      Pattern.compile(
          "(0|[1-9][0-9]{0,18})/([1-9][0-9]{0,9})/(-1|0|[1-9][0-9]{0,18})"
              + "/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

  /** Characters of a text: 19 + 10 + 19 + 36, and three slashes. */
  private static final int LONGEST = 87;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public SaveAttempt {
    if (step < 0 || worldSize < 1 || after < -1) {
      throw new IllegalArgumentException(
          "a step is 0 or more and a world has 1 rank or more: " + step + ", " + worldSize);
    }
  }

  /**
   * As text, for {@link #parse}.
   *
   * @return one line without blanks
   */
  @Override
  public String toString() {
    return step + "/" + worldSize + "/" + after + "/" + id;
  }

  /**
   * Reads what {@link #toString} has made.
   *
   * @param text one line
   * @return the attempt
   * @throws IllegalArgumentException if it is not such a text
   */
  public static SaveAttempt parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      String begin = text.substring(0, Math.min(LONGEST, text.length()));
      throw new IllegalArgumentException("this names no attempt to save: '" + begin + "'");
    }
    return new SaveAttempt(
        UUID.fromString(parts.group(4)),
        Long.parseLong(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Long.parseLong(parts.group(3)));
  }

  void checkRank(int rank) {
    if (rank < 0 || rank >= worldSize) {
      throw new IllegalArgumentException("a rank is 0 to " + (worldSize - 1) + ": " + rank);
    }
  }
}
