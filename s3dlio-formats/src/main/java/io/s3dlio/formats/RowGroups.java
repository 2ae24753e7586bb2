package io.s3dlio.formats;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Row groups of one number of rows, one behind the other.
 *
 * @param columns what a group consists of
 * @param values of whole groups
 */
record RowGroups(List<ChunkLayout> columns, ByteSource values) implements ByteSource {

  /** Groups of so many rows. */
  static RowGroups of(List<ParquetColumn> columns, long rows, ByteSource values) {
    return new RowGroups(
        columns.stream().map(column -> new ChunkLayout(column, rows)).toList(), values);
  }

  long count() {
    return values.size() / valueBytes();
  }

  long rows() {
    return columns.get(0).rows();
  }

  /** Bytes of one group's values. */
  private long valueBytes() {
    return columns.stream().mapToLong(ChunkLayout::valueBytes).sum();
  }

  /** Bytes of one group. */
  long groupSize() {
    return columns.stream().mapToLong(ChunkLayout::size).sum();
  }

  @Override
  public long size() {
    return count() * groupSize();
  }

  @Override
  public void read(long offset, ByteBuffer dst) throws IOException {
    Objects.checkFromIndexSize(offset, dst.remaining(), size());
    long groupSize = groupSize();
    int limit = dst.limit();
    long at = offset;
    try {
      while (dst.position() < limit) {
        long from = at % groupSize;
        int length = (int) Math.min(groupSize - from, limit - dst.position());
        group(at / groupSize).read(from, dst.limit(dst.position() + length));
        at += length;
      }
    } finally {
      dst.limit(limit);
    }
  }

  /** Made for each read: a file may have more of them than there is memory for. */
  private ByteSource group(long index) {
    List<ByteSource> chunks = new ArrayList<>(columns.size());
    long value = index * valueBytes();
    for (ChunkLayout column : columns) {
      chunks.add(column.around(ByteSources.slice(values, value, column.valueBytes())));
      value += column.valueBytes();
    }
    return ByteSources.concat(chunks);
  }
}
