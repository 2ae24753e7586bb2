package io.s3dlio.formats;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Row groups of one number of rows, one behind the other. */
final class RowGroups implements ByteSource {

  private final List<ChunkLayout> columns;
  private final ByteSource values;

  /** Where the columns of a group begin, in the file and in the values; the last is the end. */
  private final long[] begins;

  private final long[] valueBegins;

  /**
   * Groups of so many rows.
   *
   * @param values of whole groups
   */
  RowGroups(List<ParquetColumn> columns, long rows, ByteSource values) {
    this.columns = columns.stream().map(column -> new ChunkLayout(column, rows)).toList();
    this.values = values;
    this.begins = new long[columns.size() + 1];
    this.valueBegins = new long[columns.size() + 1];
    for (int i = 0; i < columns.size(); i++) {
      begins[i + 1] = begins[i] + this.columns.get(i).size();
      valueBegins[i + 1] = valueBegins[i] + this.columns.get(i).valueBytes();
    }
  }

  List<ChunkLayout> columns() {
    return columns;
  }

  long count() {
    return values.size() / valueBegins[columns.size()];
  }

  long rows() {
    return columns.get(0).rows();
  }

  /** Bytes of one group. */
  long groupSize() {
    return begins[columns.size()];
  }

  @Override
  public long size() {
    return count() * groupSize();
  }

  @Override
  public void read(long offset, ByteBuffer dst) throws IOException {
    Objects.checkFromIndexSize(offset, dst.remaining(), size());
    long at = offset;
    while (dst.hasRemaining()) {
      long from = at % groupSize();
      int place = Arrays.binarySearch(begins, from);
      int column = place >= 0 ? place : -place - 2;
      int length = (int) Math.min(begins[column + 1] - from, dst.remaining());
      Reads.some(chunk(at / groupSize(), column), from - begins[column], length, dst);
      at += length;
    }
  }

  /** Made for each read: a file may have more of them than there is memory for. */
  private ByteSource chunk(long group, int column) {
    ChunkLayout layout = columns.get(column);
    long begin = group * valueBegins[columns.size()] + valueBegins[column];
    return layout.around(ByteSources.slice(values, begin, layout.valueBytes()));
  }
}
