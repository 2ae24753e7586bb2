package io.s3dlio.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSource;
import io.s3dlio.datagen.GeneratorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** However a file is read, it is one sequence of bytes. */
class AnyRangeProperties {

  @Provide
  static Arbitrary<ByteSource> files() {
    return Arbitraries.randoms().map(AnyRangeProperties::file);
  }

  private static ByteSource file(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> npy(random.nextInt(5000));
      case 1 -> NpzFile.labelled(npy(random.nextInt(5000)), random.nextInt(700));
      case 2 -> TfRecordFile.of(data(random.nextInt(20_000)), 1 + random.nextInt(9_000));
      case 3 -> hdf5(random);
      default -> parquet(random);
    };
  }

  private static NpyArray npy(long elements) {
    return NpyArray.of("<f4", List.of(elements), data(4 * elements));
  }

  private static ByteSource hdf5(Random random) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    for (int i = 0; i < random.nextInt(20); i++) {
      arrays.put("a" + i, npy(random.nextBoolean() ? 0 : random.nextInt(5000)));
    }
    return Hdf5File.of(arrays);
  }

  private static ByteSource parquet(Random random) {
    List<ParquetColumn> columns = new ArrayList<>();
    long row = 0;
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      int floats = random.nextBoolean() ? 1 : 1 + random.nextInt(300_000 >> random.nextInt(17));
      columns.add(new ParquetColumn("c" + i, floats));
      row += floats * 4L;
    }
    long rows = random.nextLong(Math.max(2, 2_000_000 / row));
    return ParquetFile.of(columns, 1 + random.nextLong(rows + 1), data(rows * row));
  }

  @Property(tries = 1000)
  void any_range_alone_is_a_part_of_the_whole(
      @ForAll("files") ByteSource file,
      @ForAll boolean direct,
      @ForAll @IntRange(max = 13) int position,
      @ForAll Random random)
      throws IOException {
    ByteBuffer whole = ByteBuffer.allocate((int) file.size());
    file.read(0, whole);
    for (int i = 0; i < 20; i++) {
      int from = random.nextInt(whole.capacity() + 1);
      // Short ranges meet the borders of what is put around data.
      int most = random.nextBoolean() ? whole.capacity() : 20;
      int length = random.nextInt(Math.min(most, whole.capacity() - from) + 1);
      int capacity = position + length + 5;
      ByteBuffer dst = direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
      file.read(from, dst.position(position).limit(position + length));
      assertThat(dst.position()).isEqualTo(position + length);
      assertThat(dst.limit()).isEqualTo(position + length);
      assertThat(dst.position(position)).isEqualTo(whole.slice(from, length));
      dst.clear();
      for (int at = 0; at < capacity; at++) {
        if (at < position || at >= position + length) {
          assertThat(dst.get(at)).as("byte %d lies outside of the range", at).isZero();
        }
      }
    }
  }

  @Property(tries = 100)
  void nothing_is_read_outside(@ForAll("files") ByteSource file) {
    for (long from : new long[] {-1, file.size(), Long.MAX_VALUE}) {
      assertThatThrownBy(() -> file.read(from, ByteBuffer.allocate(1)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> file.read(1, ByteBuffer.allocate((int) file.size())))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static ByteSource data(long size) {
    return GeneratorSpec.of(7).object("data", size);
  }
}
