package io.s3dlio.internal;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Learns whether parts make the large objects of a store come faster. A part costs a request, and
 * several at a time cost caches and threads: well spent where a connection is the limit, in vain
 * where one connection brings as much as all. Each read in parts shows both speeds: its first part
 * comes alone, the others come together. Thread-safe.
 */
final class Pace {

  /** Learns nothing, so everything is read in parts: its clock stands still. */
  static final Pace NONE = new Pace(() -> 0);

  /** How many parts one answer may bring: as much is read again if it breaks off. */
  static final int RUN = 8;

  /** Reads in parts before the first that is not. */
  static final int TRIALS = 3;

  /** Of so many large reads, one is in parts to see what that brings by now. */
  static final int RENEWAL = 16;

  /** How fast one answer has to be, as a share of the speed of parts together. */
  private static final double ENOUGH = 0.9;

  /** Slower than this share, one answer is broken off. */
  private static final double TOO_SLOW = 0.5;

  /** What is left of the speed of earlier reads in parts when one is slower. */
  private static final double FADING = 0.9;

  /** No answer is judged sooner: threads wait longer than this for a CPU now and then. */
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(20);

  private final LongSupplier clock;

  // Speeds are bytes a nanosecond, 0 until known. Guarded by this.
  private double alone;
  private double together;
  private int mostParts;
  private int trials;
  private int untilRenewal = RENEWAL;

  Pace(LongSupplier clock) {
    this.clock = clock;
  }

  /** An answer is too slow to be waited for alone; what it has brought counts. */
  static final class TooSlow extends ObjectStoreException {
    private static final long serialVersionUID = 1L;

    private TooSlow(String operation, ObjectUri uri) {
      super(
          Kind.CANCELLED,
          operation,
          uri,
          "one connection has become slower than several; the rest is read over these",
          null);
    }
  }

  /**
   * Whether to read all of a large object without parts.
   *
   * @param parts that would be read together otherwise. Of more than have been tried nothing is
   *     known
   */
  synchronized boolean oneIsEnough(int parts) {
    if (trials < TRIALS || parts > mostParts || alone < ENOUGH * together) {
      return false;
    }
    if (--untilRenewal == 0) {
      untilRenewal = RENEWAL;
      return false;
    }
    return true;
  }

  /**
   * Begins to watch an answer whose head is there.
   *
   * @param wanted bytes
   * @param isAlone whether it is read instead of parts, and so has to be as fast
   */
  Watch watch(String operation, ObjectUri uri, long wanted, boolean isAlone) {
    return new Watch(operation, uri, wanted, isAlone ? slowest() : 0);
  }

  private synchronized double slowest() {
    return TOO_SLOW * together;
  }

  long now() {
    return clock.getAsLong();
  }

  /** Parts have been read together. */
  synchronized void cameTogether(int parts, long bytes, long since) {
    long nanos = now() - since;
    if (nanos > 0) {
      // The best of late: other work slows one read, and nothing makes it faster than it can be.
      together = Math.max((double) bytes / nanos, FADING * together);
      mostParts = Math.max(mostParts, parts);
      trials++;
    }
  }

  private synchronized void cameAlone(double speed) {
    alone = alone == 0 ? speed : (alone + speed) / 2;
  }

  /** The time that one answer takes. For the thread that brings it, until that has ended. */
  final class Watch {
    private final String operation;
    private final ObjectUri uri;
    private final long wanted;
    private final double slowest;
    private final long start = now();
    private long count;
    private long nanos;

    private Watch(String operation, ObjectUri uri, long wanted, double slowest) {
      this.operation = operation;
      this.uri = uri;
      this.wanted = wanted;
      this.slowest = slowest;
    }

    /** So many bytes are there by now. */
    void landed(long bytes) throws TooSlow {
      count = bytes;
      nanos = now() - start;
      if (bytes < wanted && nanos > PATIENCE && bytes < slowest * nanos) {
        throw new TooSlow(operation, uri);
      }
    }

    /** The answer has ended. */
    void end() {
      if (nanos > 0) {
        cameAlone((double) count / nanos);
      }
    }
  }
}
