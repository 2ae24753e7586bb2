package io.s3dlio.layer;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Spaces costs evenly in time: the generic cell rate algorithm (ITU-T I.371, annex A) with places
 * given out in advance. Time in which nothing was asked for is saved up for {@link #BURST} at most.
 * Thread-safe.
 */
final class Meter {

  /** How much time that was not used may be used later, in nanoseconds. */
  static final long BURST = TimeUnit.MILLISECONDS.toNanos(100);

  private final double nanosEach;
  private final LongSupplier nanos;
  private final long origin;

  /** When the next cost is due, in nanoseconds from the origin. */
  private double due;

  Meter(double perSecond, LongSupplier nanos) {
    this.nanosEach = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.nanos = nanos;
    this.origin = nanos.getAsLong();
    this.due = -BURST;
  }

  /**
   * Takes the next place.
   *
   * @param cost how much is to be spaced, 0 or more
   * @param most the longest wait, in nanoseconds
   * @return how long to wait, in nanoseconds; -1 if that were longer, and then no place is taken
   */
  synchronized long reserve(long cost, long most) {
    double now = nanos.getAsLong() - origin;
    due = Math.max(due, now - BURST);
    double wait = Math.max(0, due - now);
    if (wait > most) {
      return -1;
    }
    due += cost * nanosEach;
    return (long) Math.ceil(wait);
  }

  /** Puts right what was reserved: it was more, or, if negative, less. */
  synchronized void settle(long difference) {
    due += difference * nanosEach;
  }
}
