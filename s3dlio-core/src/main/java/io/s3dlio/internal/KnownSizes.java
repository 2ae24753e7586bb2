package io.s3dlio.internal;

import io.s3dlio.GetItem;
import io.s3dlio.buffer.BufferPool;
import java.util.List;

/** What is known of how many bytes many items have: said beforehand, or by answers. Thread-safe. */
final class KnownSizes {

  private static final long UNKNOWN = -1;

  private final BufferPool pool;
  private final long[] sizes;
  private int known;
  private long cost;
  private int answers;
  private long answeredBytes;

  KnownSizes(BufferPool pool, List<GetItem> items) {
    this.pool = pool;
    this.sizes = new long[items.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = UNKNOWN;
      GetItem item = items.get(i);
      if (item.size().isPresent()) {
        set(i, selected(item, item.size().getAsLong()));
      }
    }
  }

  /** How many bytes of an object an item selects. */
  private static long selected(GetItem item, long size) {
    return item.options().range().resolve(size).map(span -> span.length()).orElse(0L);
  }

  private void set(int index, long size) {
    if (sizes[index] == UNKNOWN) {
      known++;
    } else {
      cost -= pool.cost(sizes[index]);
    }
    cost += pool.cost(size);
    sizes[index] = size;
  }

  /** An answer has told how many bytes an item has. */
  synchronized void learn(int index, long size) {
    set(index, size);
    answers++;
    answeredBytes += size;
  }

  synchronized boolean isKnown(int index) {
    return sizes[index] != UNKNOWN;
  }

  /** How many bytes an item has, which must be known. */
  synchronized long of(int index) {
    return sizes[index];
  }

  /** How many bytes one has by the mean of those that answers have told; 0 before the first. */
  synchronized long mean() {
    return answers == 0 ? 0 : answeredBytes / answers;
  }

  /** How many are known. */
  synchronized int known() {
    return known;
  }

  /** What the known ones need together, in bytes of the pool. */
  synchronized long cost() {
    return cost;
  }

  /** Whether the known ones together are more than there can be memory for. */
  synchronized boolean areTooMuch() {
    return cost > pool.limit();
  }
}
