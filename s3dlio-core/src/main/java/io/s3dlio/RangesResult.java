package io.s3dlio;

import java.util.List;

/**
 * Ranges of one object, all of the same content of it. The caller closes it, which closes all of
 * {@link #ranges()}; each may be closed earlier by itself. They share one piece of memory, which
 * holds every byte that was asked for once and goes back with the last of them: to keep one range
 * and give up the rest, copy it.
 *
 * @param meta what the store says about the object
 * @param ranges the bytes of each range, in the order of the input; shorter than asked for where
 *     the object ends
 */
public record RangesResult(ObjectMeta meta, List<BytesView> ranges) implements AutoCloseable {

  /** Copies the list. */
  public RangesResult {
    ranges = List.copyOf(ranges);
  }

  @Override
  public void close() {
    ranges.forEach(BytesView::close);
  }
}
