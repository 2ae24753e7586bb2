package io.s3dlio.datagen;

import java.util.BitSet;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Which bytes of an object are wrong, in bounded memory. Not thread-safe. */
final class WrongBytes {

  /** Each costs half a kilobyte. */
  static final int MAX_PAGES = 8192;

  private final TreeMap<Long, BitSet> pages = new TreeMap<>();

  /** Wrong bytes in pages for which there was no room. */
  private long unplaced;

  private long firstUnplaced = Long.MAX_VALUE;

  /** Sets what is known of a part of a page: the bits {@code [from, to)}, all others clear. */
  void replace(long page, int from, int to, BitSet wrong) {
    BitSet known = pages.get(page);
    if (known != null) {
      known.clear(from, to);
      known.or(wrong);
      if (known.isEmpty()) {
        pages.remove(page);
      }
    } else if (!wrong.isEmpty() && pages.size() < MAX_PAGES) {
      pages.put(page, wrong);
    } else if (!wrong.isEmpty()) {
      unplaced += wrong.cardinality();
      firstUnplaced = Math.min(firstUnplaced, page * Pages.PAGE + wrong.nextSetBit(0));
    }
  }

  long count() {
    return unplaced + pages.values().stream().mapToLong(BitSet::cardinality).sum();
  }

  OptionalLong first() {
    long first = firstUnplaced;
    if (!pages.isEmpty()) {
      var page = pages.firstEntry();
      first = Math.min(first, page.getKey() * Pages.PAGE + page.getValue().nextSetBit(0));
    }
    return first == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(first);
  }
}
