package io.s3dlio.cli;

/**
 * Counts different hashes of 128 bits in bounded memory. Up to {@link #MAX_KEPT} the count is
 * exact; with more, only hashes with 1, 2, 3 … zero bits at the end are kept, and the count is an
 * estimate from those: half of a million or more, so its standard error is 0.14 % at most.
 */
final class DistinctHashes {

  /** Hashes that are kept, in at most twice as many places of 16 bytes. */
  static final int MAX_KEPT = 1 << 20;

  /** Pairs of words; 0, 0 is a free place. */
  private long[] places = new long[2 << 10];

  private int kept;
  private int zeroBits;

  void add(long first, long second) {
    if (Long.numberOfTrailingZeros(first) < zeroBits) {
      return;
    }
    // Both words 0 would be a free place.
    if (!insert(places, first, first == 0 && second == 0 ? 1 : second)) {
      return;
    }
    kept++;
    if (kept > MAX_KEPT) {
      zeroBits++;
      rebuild(places.length);
    } else if (kept > places.length / 4) {
      rebuild(2 * places.length);
    }
  }

  /** How many different ones there were, or about how many. */
  long count() {
    return (long) kept << zeroBits;
  }

  /** One of so many was kept: 1 if the count is exact. */
  long oneOf() {
    return 1L << zeroBits;
  }

  /** Returns whether it was not there before. */
  private static boolean insert(long[] places, long first, long second) {
    int mask = places.length - 2;
    int at = ((int) (second >>> 32) << 1) & mask;
    while (places[at] != 0 || places[at + 1] != 0) {
      if (places[at] == first && places[at + 1] == second) {
        return false;
      }
      at = (at + 2) & mask;
    }
    places[at] = first;
    places[at + 1] = second;
    return true;
  }

  private void rebuild(int length) {
    long[] former = places;
    places = new long[length];
    kept = 0;
    for (int at = 0; at < former.length; at += 2) {
      boolean there = former[at] != 0 || former[at + 1] != 0;
      if (there && Long.numberOfTrailingZeros(former[at]) >= zeroBits) {
        insert(places, former[at], former[at + 1]);
        kept++;
      }
    }
  }
}
