package io.s3dlio.formats;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Rows of 32-bit floats as a Parquet file: plain values, not compressed, without dictionaries and
 * statistics, none missing.
 *
 * <p>Immutable, and thread-safe if the source of the values is, which stays the caller's to close.
 * Memory is needed for the footer, about 50 bytes and the name for each column of each row group,
 * and for a column of short lists up to 2 MiB.
 *
 * <p>Source: Apache Parquet, "File Format" and {@code parquet.thrift} of version 2.10.
 */
public final class ParquetFile extends LaidOutFile {

  private static final byte[] MAGIC = "PAR1".getBytes(US_ASCII);
  private static final int VERSION = 1;

  /** Other readers take a million things in a list, and the footer is to stay small. */
  private static final int MAX_CHUNKS = 100_000;

  private static final long MAX_NAMES = 64 << 20;

  private static final int FLOAT = 4;
  private static final int REQUIRED = 0;
  private static final int REPEATED = 2;
  private static final int CONVERTED_LIST = 3;
  private static final int PLAIN = 0;
  private static final int RLE = 3;
  private static final int UNCOMPRESSED = 0;

  private final long rows;
  private final int rowGroups;

  private ParquetFile(List<ParquetColumn> columns, long rows, List<RowGroups> groups) {
    super(parts(columns, rows, groups));
    this.rows = rows;
    this.rowGroups = (int) groups.stream().mapToLong(RowGroups::count).sum();
  }

  private static List<ByteSource> parts(
      List<ParquetColumn> columns, long rows, List<RowGroups> groups) {
    List<ByteSource> parts = new ArrayList<>();
    parts.add(ByteSources.of(ByteBuffer.wrap(MAGIC)));
    parts.addAll(groups);
    parts.add(ByteSources.of(footer(columns, rows, groups)));
    return parts;
  }

  /**
   * A file.
   *
   * @param columns its columns, 1 or more, each of another name
   * @param groupRows rows in each row group but for the last, which has what is left; 1 or more
   * @param values little-endian floats, those of a row group behind those of the one before, and in
   *     it column after column; for a whole number of rows. They are as compressible in the file as
   *     they are alone; blocks of duplicates do not begin where blocks of the file do
   * @return the file
   * @throws IllegalArgumentException if a number or a name is out of range, there is not a whole
   *     number of rows, or there are more than 100,000 columns of row groups, or more than 64 MiB
   *     of their names
   */
  public static ParquetFile of(List<ParquetColumn> columns, long groupRows, ByteSource values) {
    Set<String> names = new HashSet<>();
    long rowBytes = 0;
    long nameBytes = 0;
    for (ParquetColumn column : columns) {
      rowBytes += column.rowBytes();
      nameBytes += column.name().getBytes(UTF_8).length;
      if (!names.add(column.name())) {
        throw new IllegalArgumentException("there are two columns " + column.name());
      }
    }
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("a file without a column");
    }
    if (groupRows < 1) {
      throw new IllegalArgumentException("row groups of " + groupRows + " rows: must be 1 or more");
    }
    if (values.size() % rowBytes != 0) {
      throw new IllegalArgumentException(
          "%,d bytes are not a whole number of rows of %,d bytes"
              .formatted(values.size(), rowBytes));
    }
    if (values.size() > MAX_SIZE) {
      throw new IllegalArgumentException("the values have more than 2^62 bytes");
    }
    long rows = values.size() / rowBytes;
    long groups = rows / groupRows + (rows % groupRows == 0 ? 0 : 1);
    if (Math.max(1, groups) > Math.min(MAX_CHUNKS / columns.size(), MAX_NAMES / nameBytes)) {
      throw new IllegalArgumentException(
          ("%,d columns in %,d row groups: must be %,d together at most, with 64 MiB of names; make"
                  + " the groups larger")
              .formatted(columns.size(), groups, MAX_CHUNKS));
    }
    List<RowGroups> rowGroups = new ArrayList<>();
    long full = values.size() - rows % groupRows * rowBytes;
    if (full > 0) {
      rowGroups.add(new RowGroups(columns, groupRows, ByteSources.slice(values, 0, full)));
    }
    if (full < values.size()) {
      ByteSource rest = ByteSources.slice(values, full, values.size() - full);
      rowGroups.add(new RowGroups(columns, rows % groupRows, rest));
    }
    return new ParquetFile(columns, rows, rowGroups);
  }

  /**
   * How many rows there are.
   *
   * @return 0 or more
   */
  public long rows() {
    return rows;
  }

  /**
   * How many row groups there are.
   *
   * @return 0 or more
   */
  public int rowGroups() {
    return rowGroups;
  }

  private static ByteBuffer footer(List<ParquetColumn> columns, long rows, List<RowGroups> groups) {
    List<Consumer<CompactThrift>> schema = new ArrayList<>();
    schema.add(root -> root.text(4, "schema").i32(5, columns.size()));
    columns.forEach(column -> addSchema(column, schema));
    byte[] metadata =
        CompactThrift.write(
            file ->
                file.i32(1, VERSION)
                    .structs(2, schema)
                    .i64(3, rows)
                    .structs(4, described(groups))
                    .text(6, "s3dlio for Java"));
    return ByteBuffer.allocate(metadata.length + Integer.BYTES + MAGIC.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(metadata)
        .putInt(metadata.length)
        .put(MAGIC)
        .flip();
  }

  private static List<Consumer<CompactThrift>> described(List<RowGroups> groups) {
    List<Consumer<CompactThrift>> described = new ArrayList<>();
    long begin = MAGIC.length;
    for (RowGroups alike : groups) {
      for (long i = 0; i < alike.count(); i++) {
        long at = begin;
        described.add(
            group ->
                group
                    .structs(1, chunks(alike.columns(), at))
                    .i64(2, alike.groupSize())
                    .i64(3, alike.rows()));
        begin += alike.groupSize();
      }
    }
    return described;
  }

  private static List<Consumer<CompactThrift>> chunks(List<ChunkLayout> columns, long begin) {
    List<Consumer<CompactThrift>> chunks = new ArrayList<>();
    long at = begin;
    for (ChunkLayout column : columns) {
      chunks.add(chunk(column, at));
      at += column.size();
    }
    return chunks;
  }

  /** Lists are three levels deep: what they are, each of them, and what is in them. */
  private static void addSchema(ParquetColumn column, List<Consumer<CompactThrift>> schema) {
    if (!column.isList()) {
      schema.add(field -> field.i32(1, FLOAT).i32(3, REQUIRED).text(4, column.name()));
      return;
    }
    schema.add(
        list ->
            list.i32(3, REQUIRED)
                .text(4, column.name())
                .i32(5, 1)
                .i32(6, CONVERTED_LIST)
                .struct(10, type -> type.struct(3, nothing -> {})));
    schema.add(each -> each.i32(3, REPEATED).text(4, "list").i32(5, 1));
    schema.add(element -> element.i32(1, FLOAT).i32(3, REQUIRED).text(4, "element"));
  }

  private static Consumer<CompactThrift> chunk(ChunkLayout layout, long offset) {
    ParquetColumn column = layout.column();
    List<String> path =
        column.isList() ? List.of(column.name(), "list", "element") : List.of(column.name());
    return chunk ->
        chunk
            .i64(2, offset)
            .struct(
                3,
                metadata ->
                    metadata
                        .i32(1, FLOAT)
                        .i32s(2, List.of(PLAIN, RLE))
                        .texts(3, path)
                        .i32(4, UNCOMPRESSED)
                        .i64(5, layout.rows() * column.floats())
                        .i64(6, layout.size())
                        .i64(7, layout.size())
                        .i64(9, offset));
  }

  /** What it is, for people to read. */
  @Override
  public String toString() {
    return "%d rows in %d row groups".formatted(rows, rowGroups);
  }
}
