package io.s3dlio.internal;

import io.s3dlio.ByteRange.Span;
import io.s3dlio.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Ranges of an object, one after the other in memory, without the gaps between them: each byte that
 * is in one range or in several is there once.
 */
final class PackedRanges {

  /** Stretches of the object that do not touch each other, ascending. */
  private final long[] starts;

  private final long[] ends;

  /** Where each begins in memory; and at last the size of all. */
  private final long[] positions;

  private PackedRanges(List<Span> stretches) {
    int n = stretches.size();
    starts = new long[n];
    ends = new long[n];
    positions = new long[n + 1];
    for (int i = 0; i < n; i++) {
      Span stretch = stretches.get(i);
      starts[i] = stretch.offset();
      ends[i] = end(stretch);
      positions[i + 1] = positions[i] + stretch.length();
    }
  }

  /** Ranges in any order; they may overlap, and may be empty. */
  static PackedRanges of(List<Span> ranges) {
    return new PackedRanges(joined(ranges, 0, Long.MAX_VALUE));
  }

  private static long end(Span span) {
    return span.offset() + span.length();
  }

  private static List<Span> joined(List<Span> ranges, long maxGap, long maxLength) {
    List<Span> ascending = new ArrayList<>(ranges);
    ascending.sort(Comparator.comparingLong(Span::offset));
    List<Span> joined = new ArrayList<>();
    for (Span range : ascending) {
      Span last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (range.length() == 0) {
        continue;
      }
      if (last != null && range.offset() - end(last) <= maxGap) {
        long length = Math.max(end(last), end(range)) - last.offset();
        if (length <= maxLength) {
          joined.set(joined.size() - 1, new Span(last.offset(), length));
          continue;
        }
      }
      joined.add(range);
    }
    return joined;
  }

  /** Bytes in all. */
  long size() {
    return positions[starts.length];
  }

  /** What to ask for: the stretches, joined over gaps as long as a request is not too long. */
  List<Span> requests(long maxGap, long maxLength) {
    List<Span> stretches = new ArrayList<>(starts.length);
    for (int i = 0; i < starts.length; i++) {
      stretches.add(new Span(starts[i], ends[i] - starts[i]));
    }
    return joined(stretches, maxGap, maxLength);
  }

  /** Where the bytes of a range, or of a part of one, are in memory. */
  long position(Span range) {
    if (range.length() == 0) {
      return 0;
    }
    int i = stretch(range.offset());
    return positions[i] + range.offset() - starts[i];
  }

  /** The stretch that has this byte, or the next one if it is in a gap. */
  private int stretch(long offset) {
    int i = Arrays.binarySearch(starts, offset);
    if (i >= 0) {
      return i;
    }
    int before = -i - 2;
    return before >= 0 && offset < ends[before] ? before : before + 1;
  }

  /** Takes the answer to a request; what lies in gaps goes nowhere. */
  ByteSink sink(Span request, ByteSink memory) {
    return new Sink(request.offset(), memory);
  }

  private final class Sink implements ByteSink {

    private final long base;
    private final ByteSink memory;

    Sink(long base, ByteSink memory) {
      this.base = base;
      this.memory = memory;
    }

    @Override
    public void write(long offset, ByteBuffer src) throws IOException {
      long at = base + offset;
      int limit = src.limit();
      long shift = src.position() - at;
      for (int i = stretch(at); i < starts.length && starts[i] + shift < limit; i++) {
        long from = Math.max(starts[i], at);
        src.limit((int) Math.min(limit, ends[i] + shift)).position((int) (from + shift));
        memory.write(positions[i] + from - starts[i], src);
        src.limit(limit);
      }
      src.position(limit);
    }

    @Override
    public ByteBuffer target(long offset, int length) {
      long at = base + offset;
      int i = stretch(at);
      boolean inside = i < starts.length && at >= starts[i] && length <= ends[i] - at;
      return inside ? memory.target(positions[i] + at - starts[i], length) : null;
    }

    @Override
    public void filled(long offset, int length) throws IOException {
      memory.filled(position(new Span(base + offset, length)), length);
    }
  }
}
