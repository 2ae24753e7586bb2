package io.s3dlio.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSource;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What cannot be a file is refused when it is asked for, and the message says why. */
class BadInputTest {

  private static final ByteSource EMPTY = new ZeroBytes(0);
  private static final ByteSource HUGE = new ZeroBytes(Long.MAX_VALUE);

  private static void refused(ThrowingCallable call, String why) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
  }

  @Test
  void arrays() {
    for (String type : List.of("", "float", "f", "<f3", "<F4", "<f4 ", "O", "S5", "{'f4'}")) {
      refused(() -> NpyArray.zeros(type, List.of(1L)), "'" + type + "' is no type of elements");
    }
    refused(() -> NpyArray.zeros("<f4", List.of(-1L)), "negative");
    refused(() -> NpyArray.zeros("<f4", List.of(1L << 61)), "more than 2^62 bytes");
    refused(() -> NpyArray.zeros("<f4", List.of(0L, 1L << 31, 1L << 31)), "more than 2^62 bytes");
    refused(() -> NpyArray.zeros("<f4", List.of(Long.MAX_VALUE)), "more than 2^62 bytes");
    refused(() -> NpyArray.zeros("<f4", Collections.nCopies(65, 1L)), "65 dimensions: at most 64");
    refused(
        () -> NpyArray.of("<f4", List.of(2L), EMPTY),
        "an array of <f4 [2] has 8 bytes, and its source 0");
  }

  @Test
  void archives() {
    NpyArray one = NpyArray.zeros("|u1", List.of());
    for (String name : List.of("", "\ud800", "a\0b", "x".repeat(1001))) {
      refused(() -> NpzFile.of(Map.of(name, one)), "the name of an array");
    }
    NpyArray huge = NpyArray.zeros("|u1", List.of(1L << 62));
    refused(() -> NpzFile.of(Map.of("x", huge)), "more than 2^62 bytes");
    refused(() -> NpzFile.labelled(one, -1), "negative");
  }

  @Test
  void datasets() {
    NpyArray one = NpyArray.zeros("|u1", List.of());
    for (String name : List.of("", "\ud800", "a\0b", "x".repeat(1001))) {
      refused(() -> Hdf5File.of(Map.of(name, one)), "the name of a dataset");
    }
    for (String name : List.of(".", "/", "a/b")) {
      refused(() -> Hdf5File.of(Map.of(name, one)), "must be no path");
    }
    for (String type : List.of("bool", "complex64", ">c16")) {
      NpyArray array = NpyArray.zeros(type, List.of());
      refused(() -> Hdf5File.of(Map.of("x", array)), "must be integers or floats");
    }
    NpyArray deep = NpyArray.zeros("|u1", Collections.nCopies(33, 1L));
    refused(() -> Hdf5File.of(Map.of("x", deep)), "33 dimensions: at most 32");
    NpyArray huge = NpyArray.zeros("|u1", List.of(1L << 62));
    refused(() -> Hdf5File.of(Map.of("x", huge, "y", one)), "more than 2^62 bytes");
    Map<String, NpyArray> many =
        IntStream.rangeClosed(0, 10_000)
            .boxed()
            .collect(Collectors.toMap(String::valueOf, i -> one));
    refused(() -> Hdf5File.of(many), "10,001 datasets: at most 10,000");
    refused(() -> Hdf5File.labelled(one, -1), "negative");
  }

  @Test
  void records() {
    refused(() -> TfRecordFile.of(EMPTY, 0), "records of 0 bytes: must be 1 or more");
    refused(() -> TfRecordFile.of(EMPTY, -5), "records of -5 bytes");
    refused(() -> TfRecordFile.of(HUGE, 1000), "more than 2^63 - 1 bytes");
    refused(() -> TfRecordFile.of(HUGE, Long.MAX_VALUE), "more than 2^63 - 1 bytes");
    TfRecordFile large = TfRecordFile.of(new ZeroBytes(Long.MAX_VALUE - 16), Long.MAX_VALUE);
    assertThat(large.size()).isEqualTo(Long.MAX_VALUE);
    TfRecordFile file = TfRecordFile.of(new ZeroBytes(10), 4);
    assertThat(file.records()).isEqualTo(3);
    assertThat(file.offset(2)).isEqualTo(40);
    assertThat(file.length(1)).isEqualTo(20);
    assertThat(file.length(2)).isEqualTo(18);
    for (long record : new long[] {-1, 3}) {
      assertThatThrownBy(() -> file.offset(record)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> file.length(record)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void tables() {
    ParquetColumn a = new ParquetColumn("a", 1);
    for (String name : List.of("", "\ud800", "a\0b", "x".repeat(1001))) {
      refused(() -> new ParquetColumn(name, 1), "the name of a column");
    }
    refused(() -> new ParquetColumn("a", 0), "column a of 0 floats a row: must be 1 to");
    refused(() -> new ParquetColumn("a", 1 << 29), "must be 1 to 268,435,456");
    refused(() -> ParquetFile.of(List.of(), 1, EMPTY), "without a column");
    refused(() -> ParquetFile.of(List.of(a, a), 1, EMPTY), "two columns a");
    refused(() -> ParquetFile.of(List.of(a), 0, EMPTY), "row groups of 0 rows");
    refused(() -> ParquetFile.of(List.of(a), 1, new ZeroBytes(6)), "not a whole number of rows");
    refused(() -> ParquetFile.of(List.of(a), 1, new ZeroBytes(400_004)), "make the groups larger");
    ParquetColumn longName = new ParquetColumn("x".repeat(1000), 1);
    refused(() -> ParquetFile.of(List.of(longName), 1, new ZeroBytes(280_000)), "64 MiB of names");
    refused(
        () -> ParquetFile.of(List.of(a), Long.MAX_VALUE, new ZeroBytes(1L << 62 | 4)),
        "more than 2^62 bytes");
  }

  @Test
  void names_of_formats() {
    for (String text :
        List.of(
            "",
            "NPZ",
            "csv",
            "npz:5",
            "hdf5:5",
            "tfrecord:",
            "tfrecord:x",
            "parquet:3",
            "parquet:-1x3",
            "parquet:1000000x1")) {
      refused(() -> FileFormat.parse(text), "'" + text + "' is no file format");
    }
    refused(() -> FileFormat.parse("tfrecord:0").around(EMPTY), "records of 0 bytes");
    refused(() -> FileFormat.parse("parquet:0x1").around(EMPTY), "without a column");
    assertThat(FileFormat.parse("tfrecord")).hasToString("tfrecord:131072");
    assertThat(FileFormat.parse("parquet")).hasToString("parquet:16x65536");
    assertThat(FileFormat.parse("parquet:016x1")).isEqualTo(FileFormat.parse("parquet:16x1"));
    assertThat(FileFormat.parse("raw").around(EMPTY)).isSameAs(EMPTY);
  }

  /** Of Egypt, where numbers are written otherwise. */
  @Test
  void names_are_the_same_in_every_locale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat("%d".formatted(12)).isNotEqualTo("12");
      assertThat(FileFormat.parse("tfrecord")).hasToString("tfrecord:131072");
      assertThat(FileFormat.parse("parquet")).hasToString("parquet:16x65536");
    } finally {
      Locale.setDefault(before);
    }
  }
}
