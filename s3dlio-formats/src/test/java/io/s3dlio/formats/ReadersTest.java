package io.s3dlio.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.datagen.GeneratedVectors;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.testkit.process.Python;
import io.s3dlio.testkit.server.TestServers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are read by the libraries that they are made for: NumPy, TensorBoard, PyArrow, h5py. */
class ReadersTest {

  private static final int STEP = 777_777;

  @TempDir private Path dir;
  private Python python;

  @BeforeEach
  void find() {
    python = new Python(TestServers.pythonWithFormats(), dir, getClass());
  }

  private static ByteSource data(long size) {
    return GeneratorSpec.of(1).object("data", size);
  }

  private Path save(ByteSource source) throws IOException {
    Path file = dir.resolve("file");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer step = ByteBuffer.allocate(STEP);
      for (long at = 0; at < source.size(); at += step.limit()) {
        step.clear().limit((int) Math.min(STEP, source.size() - at));
        source.read(at, step);
        channel.write(step.flip());
      }
    }
    return file;
  }

  private static String sha256(ByteSource source) throws Exception {
    ByteBuffer all = ByteBuffer.allocate((int) source.size());
    source.read(0, all);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all.array()));
  }

  private static String sha256(ByteSource source, long from, long length) throws Exception {
    return sha256(ByteSources.slice(source, from, length));
  }

  @Test
  void numpy_reads_arrays_of_any_type_and_shape() throws Exception {
    Map<String, String> descriptors =
        Map.of("float32", "<f4", "<f4", "<f4", ">i8", ">i8", "uint8", "|u1", "=c16", "<c16");
    for (Map.Entry<String, String> type : descriptors.entrySet()) {
      for (List<Long> shape :
          List.of(List.<Long>of(), List.of(5L), List.of(0L), List.of(3L, 1L, 7L))) {
        ByteSource elements = data(NpyArray.bytes(type.getKey(), shape));
        String tuple = shape.toString().replace('[', '(').replace(']', ')');
        assertThat(python.run("npy.py", save(NpyArray.of(type.getKey(), shape, elements))))
            .isEqualTo(
                "%s %s %s"
                    .formatted(
                        type.getValue(),
                        shape.size() == 1 ? tuple.replace(")", ",)") : tuple,
                        sha256(elements)));
      }
    }
  }

  @Test
  void numpy_reads_an_array_of_as_many_dimensions_as_there_can_be() throws Exception {
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      shape.add(i == 40 ? 6L : 1L);
    }
    assertThat(python.run("npy.py", save(NpyArray.of("int16", shape, data(12)))))
        .contains("<i2 (1, 1, ")
        .endsWith(sha256(data(12)));
  }

  @Test
  void numpy_reads_archives() throws Exception {
    GeneratedVectors samples = GeneratedVectors.uniform(1, "x", 1000, 300);
    NpzFile file = NpzFile.labelled(NpyArray.of("<f4", List.of(1000L, 300L), samples), 4);
    assertThat(python.run("npz.py", save(file)))
        .isEqualTo(
            """
            x <f4 (1000, 300) True %s
            y <i8 (4,) True %s"""
                .formatted(sha256(samples), sha256(new ZeroBytes(32))));

    Map<String, NpyArray> arrays =
        ordered(
            "b", NpyArray.of("|u1", List.of(77L), data(77)),
            "\u00e4 \ud83d\ude00/a", NpyArray.zeros("bool", List.of(0L)));
    assertThat(python.run("npz.py", save(NpzFile.of(arrays))))
        .isEqualTo(
            """
            b |u1 (77,) True %s
            \u00e4 \ud83d\ude00/a |b1 (0,) True %s"""
                .formatted(sha256(data(77)), sha256(data(0))));
    assertThat(python.run("npz.py", save(NpzFile.of(Map.of())))).isEmpty();
  }

  /** The array in front is a hole in the file. */
  @Test
  void numpy_reads_behind_four_gigabytes() throws Exception {
    long zeros = (4L << 30) + 5;
    NpzFile npz =
        NpzFile.of(
            ordered(
                "x", NpyArray.zeros("|u1", List.of(zeros)),
                "y", NpyArray.of("|u1", List.of(3L), data(3))));
    Path file = dir.resolve("large");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long at : new long[] {0, npz.size() - 8192}) {
        ByteBuffer piece = ByteBuffer.allocate(8192);
        npz.read(at, piece);
        channel.write(piece.flip(), at);
      }
    }
    byte[] y = new byte[3];
    data(3).read(0, ByteBuffer.wrap(y));
    assertThat(python.run("large.py", file))
        .isEqualTo(
            """
            x.npy 0 %d
            y.npy %d 131
            'descr': '|u1', 'fortran_order': False, 'shape': (%d,), }
            %d %d %d"""
                .formatted(
                    zeros + 128, zeros + 4096, zeros, y[0] & 0xFF, y[1] & 0xFF, y[2] & 0xFF));
  }

  private static Map<String, NpyArray> ordered(String a, NpyArray x, String b, NpyArray y) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put(a, x);
    arrays.put(b, y);
    return arrays;
  }

  @Test
  void the_elements_of_an_archive_begin_with_a_block() throws Exception {
    NpzFile file = NpzFile.labelled(NpyArray.of("<f4", List.of(5000L), data(20_000)), 1);
    ByteBuffer all = ByteBuffer.allocate((int) file.size());
    file.read(0, all);
    ByteBuffer elements = ByteBuffer.allocate(20_000);
    data(20_000).read(0, elements);
    assertThat(all.slice(4096, 20_000)).isEqualTo(elements.flip());
  }

  @Test
  void tensorboard_reads_records() throws Exception {
    ByteSource data = data(1_000_000);
    TfRecordFile file = TfRecordFile.of(data, 300_000);
    assertThat(python.run("tfrecord.py", save(file)).lines())
        .containsExactly(
            "300000 " + sha256(data, 0, 300_000),
            "300000 " + sha256(data, 300_000, 300_000),
            "300000 " + sha256(data, 600_000, 300_000),
            "100000 " + sha256(data, 900_000, 100_000));
    assertThat(python.run("tfrecord.py", save(TfRecordFile.of(data(5), 1))).lines()).hasSize(5);
    assertThat(python.run("tfrecord.py", save(TfRecordFile.of(data(5), Long.MAX_VALUE))))
        .isEqualTo("5 " + sha256(data(5)));
    assertThat(TfRecordFile.of(data(0), 5).size()).isZero();
  }

  @Test
  void pyarrow_reads_columns_of_floats_and_of_lists() throws Exception {
    List<ParquetColumn> columns =
        List.of(
            new ParquetColumn("number", 1),
            new ParquetColumn("pair", 2),
            new ParquetColumn("\u00e4 \ud83d\ude00", 7),
            new ParquetColumn("wide", 300_000));
    ByteSource values = GeneratedVectors.uniform(1, "x", 25, 300_010);
    StringBuilder expected = new StringBuilder();
    expected.append("25 [10, 10, 5]\nnumber float False\n");
    for (String name : List.of("pair", "\u00e4 \ud83d\ude00", "wide")) {
      expected.append(name).append(" list<element: float not null> False\n");
    }
    long at = 0;
    for (long rows : List.of(10L, 10L, 5L)) {
      for (ParquetColumn column : columns) {
        long floats = rows * column.floats();
        expected.append(
            "[%s] %d %s\n"
                .formatted(
                    column.floats() == 1 ? "" : column.floats(),
                    floats,
                    sha256(values, at, 4 * floats)));
        at += 4 * floats;
      }
    }
    ParquetFile file = ParquetFile.of(columns, 10, values);
    assertThat(file.rows()).isEqualTo(25);
    assertThat(file.rowGroups()).isEqualTo(3);
    assertThat(python.run("parquet.py", save(file))).isEqualTo(expected.toString().strip());
  }

  /** Lists of 15 and more are written otherwise. */
  @Test
  void pyarrow_reads_many_pages_and_many_columns() throws Exception {
    for (int count : List.of(1, 15, 20)) {
      List<ParquetColumn> columns = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        columns.add(new ParquetColumn("c" + i, 1));
      }
      long rows = 1_200_000 / count;
      ByteSource values = data(rows * count * 4);
      ParquetFile file = ParquetFile.of(columns, rows, values);
      List<String> lines = python.run("parquet.py", save(file)).lines().toList();
      assertThat(lines).hasSize(1 + 2 * count).startsWith("%d [%d]".formatted(rows, rows));
      for (int i = 0; i < count; i++) {
        assertThat(lines.get(1 + count + i))
            .isEqualTo("[] %d %s".formatted(rows, sha256(values, i * rows * 4, rows * 4)));
      }
    }
  }

  @Test
  void pyarrow_reads_as_many_row_groups_and_columns_as_there_can_be() throws Exception {
    ParquetFile groups = ParquetFile.of(List.of(new ParquetColumn("a", 1)), 1, data(400_000));
    assertThat(python.run("rows.py", save(groups))).isEqualTo("100000 100000 1");
    List<ParquetColumn> columns = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      columns.add(new ParquetColumn("c" + i, 2));
    }
    ParquetFile wide = ParquetFile.of(columns, 1, data(800_000));
    assertThat(python.run("rows.py", save(wide))).isEqualTo("1 1 100000");
  }

  @Test
  void pyarrow_reads_files_without_rows() throws Exception {
    ParquetFile file = ParquetFile.of(List.of(new ParquetColumn("a", 3)), 10, data(0));
    assertThat(python.run("parquet.py", save(file)))
        .isEqualTo("0 []\na list<element: float not null> False");
  }

  /** A file that h5py reads, and what it says of it. */
  private static final class Datasets {

    private final Map<String, NpyArray> arrays = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();

    /** Expects the descriptor in a type of this name, and these elements or the last of them. */
    void add(String name, String type, List<Long> shape, ByteSource elements, ByteSource read)
        throws Exception {
      NpyArray array = NpyArray.of(type, shape, elements);
      arrays.put(name, array);
      String tuple = shape.toString().replace('[', '(').replace(']', ')');
      lines.add(
          "%s %s %s %s"
              .formatted(
                  name,
                  array.type().descriptor(),
                  shape.size() == 1 ? tuple.replace(")", ",)") : tuple,
                  sha256(read)));
    }

    void add(String name, String type, List<Long> shape) throws Exception {
      // Others for each, so that none is taken for another.
      ByteSource elements =
          GeneratorSpec.of(arrays.size()).object("data", NpyArray.bytes(type, shape));
      add(name, type, shape, elements, elements);
    }
  }

  @Test
  void h5py_reads_datasets_of_any_type() throws Exception {
    Datasets datasets = new Datasets();
    for (String kind : List.of("i", "u", "f")) {
      for (int bytes : kind.equals("f") ? List.of(2, 4, 8) : List.of(1, 2, 4, 8)) {
        for (String order : bytes == 1 ? List.of("|") : List.of("<", ">")) {
          String type = order + kind + bytes;
          datasets.add("dataset of " + type, type, List.of(100L));
        }
      }
    }
    assertThat(python.run("hdf5.py", save(Hdf5File.of(datasets.arrays))).lines())
        .hasSize(20)
        .containsExactlyElementsOf(datasets.lines);
  }

  @Test
  void h5py_reads_datasets_of_any_shape_and_name_in_order() throws Exception {
    Datasets datasets = new Datasets();
    datasets.add("z", "<f4", List.of(3L, 1L, 7L));
    datasets.add("one element", ">f8", List.of());
    datasets.add("none", "|u1", List.of(0L));
    datasets.add("none of three dimensions", "<i4", List.of(3L, 0L, 7L));
    datasets.add("\u00e4 \ud83d\ude00", "|u1", List.of(4096L));
    datasets.add("..", "|u1", List.of(4097L));
    datasets.add("\u20ac".repeat(1000), "|u1", List.of(1L));
    List<Long> shape = new ArrayList<>(Collections.nCopies(32, 1L));
    shape.set(7, 6L);
    shape.set(31, 2L);
    datasets.add("deep", "<f8", shape);
    assertThat(python.run("hdf5.py", save(Hdf5File.of(datasets.arrays))).lines())
        .containsExactlyElementsOf(datasets.lines);
    assertThat(python.run("hdf5.py", save(Hdf5File.of(Map.of())))).isEmpty();
  }

  @Test
  void h5py_reads_as_many_datasets_as_there_can_be() throws Exception {
    Datasets datasets = new Datasets();
    for (long i = 0; i < 10_000; i++) {
      String name = String.valueOf(9_999 - i);
      String longest = "\u20ac".repeat(1000 - name.length()) + name;
      datasets.add(longest, "|u1", List.of(i / 9_990));
    }
    assertThat(python.run("hdf5.py", save(Hdf5File.of(datasets.arrays))).lines())
        .containsExactlyElementsOf(datasets.lines.subList(9_968, 10_000));
  }

  @Test
  void h5py_reads_samples_and_labels() throws Exception {
    GeneratedVectors samples = GeneratedVectors.uniform(1, "x", 1000, 300);
    Hdf5File file = Hdf5File.labelled(NpyArray.of("<f4", List.of(1000L, 300L), samples), 4);
    assertThat(python.run("hdf5.py", save(file)))
        .isEqualTo(
            """
            records <f4 (1000, 300) %s
            labels <i8 (4,) %s"""
                .formatted(sha256(samples), sha256(new ZeroBytes(32))));
    assertThat(python.run("hdf5.py", save(FileFormat.parse("hdf5").around(data(5000)))))
        .isEqualTo(
            """
            records |u1 (5000,) %s
            labels <i8 (1,) %s"""
                .formatted(sha256(data(5000)), sha256(new ZeroBytes(8))));
  }

  /** Only the headers and the ends of the datasets are written. */
  @Test
  void h5py_reads_what_lies_beyond_gibibytes() throws Exception {
    Datasets datasets = new Datasets();
    for (long gibibytes : List.of(5L, 20L, 2L)) {
      long zeros = (gibibytes << 30) - 8;
      ByteSource last = GeneratorSpec.of(gibibytes).object("data", 8);
      datasets.add(
          gibibytes + " GiB",
          "|u1",
          List.of(gibibytes << 30),
          ByteSources.concat(List.of(new ZeroBytes(zeros), last)),
          last);
    }
    Hdf5File file = Hdf5File.of(datasets.arrays);
    Path path = save(ByteSources.slice(file, 0, 4096));
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      long end = 4096;
      for (NpyArray array : datasets.arrays.values()) {
        end += array.elements().size();
        ByteBuffer last = ByteBuffer.allocate(8);
        file.read(end - 8, last);
        channel.write(last.flip(), end - 8);
      }
      assertThat(file.size()).isEqualTo(end);
    }
    assertThat(python.run("hdf5.py", path).lines()).containsExactlyElementsOf(datasets.lines);
  }
}
