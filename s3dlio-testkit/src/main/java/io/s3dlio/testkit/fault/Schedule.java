package io.s3dlio.testkit.fault;

import java.util.Random;
import java.util.function.Predicate;

/**
 * Which events a fault hits: of those that match, a number of them from the n-th on. Immutable;
 * each use counts for itself.
 *
 * @param <T> the events: requests, or calls of a backend
 * @param matching which events count
 * @param first the first one that is hit, from 1
 * @param times how many are hit, 1 or more
 * @param seed of the random choices of the fault, such as which bit it turns
 * @param within the fault strikes within so many first bytes of a body, 1 or more
 */
public record Schedule<T>(
    Predicate<? super T> matching, int first, int times, long seed, long within) {

  /** Checks the numbers. */
  public Schedule {
    if (first < 1 || times < 1 || within < 1) {
      throw new IllegalArgumentException("first " + first + ", times " + times + ", " + within);
    }
  }

  /**
   * Hits every event.
   *
   * @param <T> the events
   * @return the schedule
   */
  public static <T> Schedule<T> always() {
    return new Schedule<>(event -> true, 1, Integer.MAX_VALUE, 0, Long.MAX_VALUE);
  }

  /**
   * Hits the first event alone.
   *
   * @param <T> the events
   * @return the schedule
   */
  public static <T> Schedule<T> once() {
    return Schedule.<T>always().times(1);
  }

  /**
   * Counts other events.
   *
   * @param which events count
   * @return a copy
   */
  public Schedule<T> matching(Predicate<? super T> which) {
    return new Schedule<>(which, first, times, seed, within);
  }

  /**
   * Begins with another event.
   *
   * @param n the first one that is hit, from 1
   * @return a copy
   */
  public Schedule<T> from(int n) {
    return new Schedule<>(matching, n, times, seed, within);
  }

  /**
   * Hits another number of events.
   *
   * @param n how many, 1 or more
   * @return a copy
   */
  public Schedule<T> times(int n) {
    return new Schedule<>(matching, first, n, seed, within);
  }

  /**
   * With another seed.
   *
   * @param newSeed any number
   * @return a copy
   */
  public Schedule<T> seeded(long newSeed) {
    return new Schedule<>(matching, first, times, newSeed, within);
  }

  /**
   * Strikes early in a body.
   *
   * @param bytes within so many first bytes, 1 or more
   * @return a copy
   */
  public Schedule<T> within(long bytes) {
    return new Schedule<>(matching, first, times, seed, bytes);
  }

  /** Counts the events of one use. */
  static final class Counter<T> {
    private final Schedule<T> schedule;
    private long seen;

    Counter(Schedule<T> schedule) {
      this.schedule = schedule;
    }

    /** The choices for an event that is hit; null for one that is not. */
    synchronized Choice next(T event) {
      if (!schedule.matching.test(event)) {
        return null;
      }
      seen++;
      boolean hit = seen >= schedule.first && seen - schedule.first < schedule.times;
      return hit ? new Choice(new Random(schedule.seed * 31 + seen), schedule.within) : null;
    }
  }

  /** Where a fault strikes. */
  static final class Choice {
    private final Random random;
    private final long within;

    private Choice(Random random, long within) {
      this.random = random;
      this.within = within;
    }

    /** A byte of a body of so many: at least the first of them, never the last of several. */
    long at(long length) {
      long bound = Math.min(within, Math.max(1, length - 1));
      return (long) (random.nextDouble() * bound);
    }

    /** One bit of a byte. */
    int bit() {
      return 1 << random.nextInt(8);
    }
  }
}
