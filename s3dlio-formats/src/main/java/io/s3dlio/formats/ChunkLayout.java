package io.s3dlio.formats;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

/**
 * What the values of a column look like in a row group: pages of whole rows, of about 1 MiB, each a
 * header, the levels that say where lists begin, and the values.
 */
final class ChunkLayout {

  private static final long PAGE = 1 << 20;
  private static final int DATA_PAGE = 0;
  private static final int PLAIN = 0;
  private static final int RLE = 3;

  private final ParquetColumn column;
  private final long rows;
  private final long pageBytes;
  private final byte[] head;
  private final byte[] lastHead;

  /** Of a group of so many rows. */
  ChunkLayout(ParquetColumn column, long rows) {
    long pageRows = Math.max(1, Math.min(rows, PAGE / column.rowBytes()));
    this.column = column;
    this.rows = rows;
    this.pageBytes = pageRows * column.rowBytes();
    this.head = head(column, pageRows);
    this.lastHead = head(column, rows % pageRows);
  }

  ParquetColumn column() {
    return column;
  }

  long rows() {
    return rows;
  }

  /** How long the values are. */
  long valueBytes() {
    return rows * column.rowBytes();
  }

  /** How long they are with what is around them. */
  long size() {
    long pages = valueBytes() / pageBytes;
    boolean whole = valueBytes() % pageBytes == 0;
    return valueBytes() + pages * head.length + (whole ? 0 : lastHead.length);
  }

  /** The values and what is around them. */
  ByteSource around(ByteSource values) {
    long full = values.size() / pageBytes * pageBytes;
    ByteSource pages = new Pages(head, pageBytes, ByteSources.slice(values, 0, full));
    if (full == values.size()) {
      return pages;
    }
    return ByteSources.concat(
        List.of(
            pages,
            ByteSources.of(ByteBuffer.wrap(lastHead)),
            ByteSources.slice(values, full, values.size() - full)));
  }

  /** What is in front of the values of a page. */
  private static byte[] head(ParquetColumn column, long rows) {
    byte[] levels = column.isList() ? levels(column.floats(), rows) : new byte[0];
    long values = rows * column.floats();
    int size = Math.toIntExact(levels.length + values * Float.BYTES);
    byte[] header =
        CompactThrift.write(
            page ->
                page.i32(1, DATA_PAGE)
                    .i32(2, size)
                    .i32(3, size)
                    .struct(
                        5,
                        data ->
                            data.i32(1, Math.toIntExact(values))
                                .i32(2, PLAIN)
                                .i32(3, RLE)
                                .i32(4, RLE)));
    return ByteBuffer.allocate(header.length + levels.length).put(header).put(levels).array();
  }

  /** Repetition levels, 0 where a list begins and 1 in it, and definition levels, 1 for all. */
  private static byte[] levels(int floats, long rows) {
    ByteArrayOutputStream repetition = new ByteArrayOutputStream();
    for (long row = 0; row < rows; row++) {
      run(repetition, 1, 0);
      run(repetition, floats - 1L, 1);
    }
    ByteArrayOutputStream definition = new ByteArrayOutputStream();
    run(definition, rows * floats, 1);
    return ByteBuffer.allocate(2 * Integer.BYTES + repetition.size() + definition.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(repetition.size())
        .put(repetition.toByteArray())
        .putInt(definition.size())
        .put(definition.toByteArray())
        .array();
  }

  /** A run of the RLE encoding. */
  private static void run(ByteArrayOutputStream out, long length, int level) {
    CompactThrift.varint(out, length << 1);
    out.write(level);
  }

  /** Pages of one size. */
  private record Pages(byte[] head, long pageSize, ByteSource values) implements ByteSource {

    @Override
    public long size() {
      return values.size() / pageSize * (head.length + pageSize);
    }

    @Override
    public void read(long offset, ByteBuffer dst) throws IOException {
      Objects.checkFromIndexSize(offset, dst.remaining(), size());
      long frame = head.length + pageSize;
      long at = offset;
      while (dst.hasRemaining()) {
        long page = at / frame;
        long from = at % frame;
        int length;
        if (from < head.length) {
          length = (int) Math.min(head.length - from, dst.remaining());
          dst.put(head, (int) from, length);
        } else {
          length = (int) Math.min(frame - from, dst.remaining());
          Reads.some(values, page * pageSize + from - head.length, length, dst);
        }
        at += length;
      }
    }
  }
}
