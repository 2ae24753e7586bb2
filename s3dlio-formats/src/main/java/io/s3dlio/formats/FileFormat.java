package io.s3dlio.formats;

import io.s3dlio.ByteSource;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What is put around data, by a text that can be kept beside it.
 *
 * <ul>
 *   <li>{@code raw}: nothing
 *   <li>{@code npz}: an {@link NpzFile} with the data as an array {@code x} of bytes, of one
 *       dimension, and {@code y}, one label
 *   <li>{@code hdf5}: an {@link Hdf5File} with the data as a dataset {@code records} of bytes, of
 *       one dimension, and {@code labels}, one label
 *   <li>{@code tfrecord:BYTES}: a {@link TfRecordFile} with records of so many bytes, the last one
 *       shorter if need be; 131072 if not given
 *   <li>{@code parquet:COLUMNSxROWS}: a {@link ParquetFile} with columns of floats, {@code col0}
 *       and so on, and row groups of ROWS rows; 16x65536 if not given. The data must be a whole
 *       number of rows, of 4 bytes a column
 * </ul>
 *
 * <p>Immutable and thread-safe.
 */
public final class FileFormat {

  /** Nothing around the data. */
  public static final FileFormat RAW = new FileFormat("raw", UnaryOperator.identity());

  private static final Pattern TFRECORD = Pattern.compile("tfrecord(?::([0-9]{1,18}))?");
  private static final Pattern PARQUET = Pattern.compile("parquet(?::([0-9]{1,6})x([0-9]{1,18}))?");

  private static final long RECORD = 128 << 10;
  private static final int COLUMNS = 16;
  private static final long GROUP_ROWS = 64 << 10;

  private final String text;
  private final UnaryOperator<ByteSource> layout;

  private FileFormat(String text, UnaryOperator<ByteSource> layout) {
    this.text = text;
    this.layout = layout;
  }

  /**
   * The format that a text names.
   *
   * @param text as above
   * @return the format
   * @throws IllegalArgumentException if it names none
   */
  public static FileFormat parse(String text) {
    if (text.equals(RAW.text)) {
      return RAW;
    }
    if (text.equals("npz")) {
      return new FileFormat(text, FileFormat::npz);
    }
    if (text.equals("hdf5")) {
      return new FileFormat(text, FileFormat::hdf5);
    }
    Matcher tfrecord = TFRECORD.matcher(text);
    if (tfrecord.matches()) {
      long size = number(tfrecord.group(1), RECORD);
      return new FileFormat("tfrecord:" + size, data -> TfRecordFile.of(data, size));
    }
    Matcher parquet = PARQUET.matcher(text);
    if (parquet.matches()) {
      int count = (int) number(parquet.group(1), COLUMNS);
      long rows = number(parquet.group(2), GROUP_ROWS);
      List<ParquetColumn> columns =
          IntStream.range(0, count).mapToObj(i -> new ParquetColumn("col" + i, 1)).toList();
      return new FileFormat(
          "parquet:" + count + "x" + rows, data -> ParquetFile.of(columns, rows, data));
    }
    throw new IllegalArgumentException(
        "'%s' is no file format: must be raw, npz, hdf5, tfrecord:BYTES or parquet:COLUMNSxROWS"
            .formatted(text));
  }

  private static long number(String text, long otherwise) {
    return text == null ? otherwise : Long.parseLong(text);
  }

  private static NpzFile npz(ByteSource data) {
    return NpzFile.labelled(bytes(data), 1);
  }

  private static Hdf5File hdf5(ByteSource data) {
    return Hdf5File.labelled(bytes(data), 1);
  }

  private static NpyArray bytes(ByteSource data) {
    return NpyArray.of("|u1", List.of(data.size()), data);
  }

  /**
   * A file in this format.
   *
   * @param data what is in it; stays the caller's to close
   * @return the file; for {@link #RAW}, the data itself
   * @throws IllegalArgumentException if a number of the format is out of range, or the data does
   *     not fit
   */
  public ByteSource around(ByteSource data) {
    return layout.apply(data);
  }

  /** Equal if the bytes around the data are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof FileFormat format && text.equals(format.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The text, with all numbers in it. */
  @Override
  public String toString() {
    return text;
  }
}
