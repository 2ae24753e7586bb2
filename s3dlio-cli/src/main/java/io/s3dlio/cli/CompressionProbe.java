package io.s3dlio.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** What one compressor makes of units of several sizes, and of a stream. */
final class CompressionProbe implements AutoCloseable {

  /** The sizes of units that are compressed alone, in bytes. */
  static final List<Integer> UNITS = List.of(4 << 10, 64 << 10, 1 << 20);

  private final Compressor compressor;
  private final long[] compressed = new long[UNITS.size()];
  private final Counter counter = new Counter();
  private OutputStream stream;

  CompressionProbe(Compressor compressor) throws IOException {
    this.compressor = compressor;
    this.stream = compressor.stream(counter);
  }

  String name() {
    return compressor.name();
  }

  /** Compresses a range in units of each size; only its last unit may be shorter. */
  void addUnits(byte[] data, int offset, int length) {
    for (int i = 0; i < compressed.length; i++) {
      int unit = UNITS.get(i);
      for (int at = 0; at < length; at += unit) {
        compressed[i] += compressor.compressed(data, offset + at, Math.min(unit, length - at));
      }
    }
  }

  /** Compresses a range as what follows in the stream. */
  void addToStream(byte[] data, int offset, int length) throws IOException {
    stream.write(data, offset, length);
  }

  /** How many bytes the units became, by their size in the order of {@link #UNITS}. */
  List<Long> units() {
    List<Long> sizes = new ArrayList<>();
    for (long size : compressed) {
      sizes.add(size);
    }
    return sizes;
  }

  /** Ends the stream; how many bytes it became. */
  long endStream() throws IOException {
    stream.close();
    return counter.bytes;
  }

  @Override
  public void close() throws IOException {
    try (compressor) {
      stream.close();
    }
  }

  private static final class Counter extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] data, int offset, int length) {
      bytes += length;
    }
  }
}
