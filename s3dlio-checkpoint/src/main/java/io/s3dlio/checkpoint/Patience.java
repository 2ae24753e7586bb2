package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Looks again and again for what others bring about, for so long; at first more often, since ranks
 * that do the same are ready at nearly the same time.
 *
 * @param limit how long
 * @param interval how long it waits at most between two looks
 */
record Patience(Duration limit, Duration interval) {

  /** How many times shorter the first wait is. */
  private static final int SHORTER = 64;

  /** One look. */
  interface Look<T> {
    Optional<T> look() throws ObjectStoreException;
  }

  static Patience of(CheckpointOptions options) {
    return new Patience(options.patience(), options.poll());
  }

  /**
   * Looks until it is there.
   *
   * @param where to, for messages
   * @param missing what is not there, for messages
   */
  <T> T until(ObjectUri where, Look<T> look, Supplier<String> missing) throws ObjectStoreException {
    Optional<T> found = within(where, look);
    if (found.isEmpty()) {
      throw new ObjectStoreException(
          Kind.TIMEOUT,
          "checkpoint",
          where,
          missing.get() + " within " + limit + "; see whether it is alive, and save again",
          null);
    }
    return found.get();
  }

  /** Looks until it is there, or the time is over. */
  <T> Optional<T> within(ObjectUri where, Look<T> look) throws ObjectStoreException {
    long begin = System.nanoTime();
    Duration pause = interval.dividedBy(SHORTER);
    while (true) {
      Optional<T> found = look.look();
      Duration left = limit.minusNanos(System.nanoTime() - begin);
      if (found.isPresent() || left.isNegative() || left.isZero()) {
        return found;
      }
      sleep(shorter(left, pause), where);
      pause = shorter(interval, pause.multipliedBy(2));
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static void sleep(Duration time, ObjectUri where) throws ObjectStoreException {
    try {
      Thread.sleep(time.toMillis(), time.toNanosPart() % 1_000_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException(
          Kind.CANCELLED, "checkpoint", where, "the thread was interrupted while it waited", e);
    }
  }
}
