package io.s3dlio;

import java.util.OptionalInt;

/**
 * How to work on many objects.
 *
 * @param concurrency objects under way at a time; not set, or more than the store's {@code
 *     max-concurrency}, it is that
 * @param readAhead objects that a stream of many reads before they are asked for; not set, or less
 *     than the concurrency, it is twice the concurrency. Others ignore it
 * @param stopAtFirstError whether an error ends all: what was not done by then is not tried any
 *     more. Without it every item is tried
 */
public record ManyOptions(
    OptionalInt concurrency, OptionalInt readAhead, boolean stopAtFirstError) {

  /** As many at a time as the store does, every item tried. */
  public static final ManyOptions DEFAULT =
      new ManyOptions(OptionalInt.empty(), OptionalInt.empty(), false);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public ManyOptions {
    if (concurrency.orElse(1) < 1 || readAhead.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "concurrency and read-ahead are 1 or more: " + concurrency + ", " + readAhead);
    }
  }

  /**
   * With a limit of its own.
   *
   * @param objects under way at a time, 1 or more
   * @return a copy
   */
  public ManyOptions withConcurrency(int objects) {
    return new ManyOptions(OptionalInt.of(objects), readAhead, stopAtFirstError);
  }

  /**
   * With another read-ahead: a loader wants a batch, so that the next is there when this one was
   * worked on.
   *
   * @param objects how many, 1 or more
   * @return a copy
   */
  public ManyOptions withReadAhead(int objects) {
    return new ManyOptions(concurrency, OptionalInt.of(objects), stopAtFirstError);
  }

  /**
   * That an error ends all.
   *
   * @return a copy
   */
  public ManyOptions stoppingAtFirstError() {
    return new ManyOptions(concurrency, readAhead, true);
  }
}
