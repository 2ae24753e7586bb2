package io.s3dlio.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetensorsSourceTest {

  private static ByteSource bytes(int... values) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return ByteSources.of(bytes.flip());
  }

  private static SafetensorsSource source() {
    return SafetensorsSource.builder()
        .tensor("b", DType.U8, List.of(3L), bytes(1, 2, 3))
        .tensor("none", DType.F16, List.of(0L), bytes())
        .tensor("a", DType.U8, List.of(1L, 2L), bytes(4, 5))
        .tensor("large", DType.F64, List.of(), bytes(6, 7, 8, 9, 10, 11, 12, 13))
        .metadata(Map.of("format", "pt"))
        .build();
  }

  @Test
  void largeElementsComeFirstAndThenNames() {
    SafetensorsSource source = source();
    assertThat(source.dataOffset() % 4096).isZero();
    assertThat(source.tensors().stream().map(TensorInfo::name))
        .containsExactly("large", "none", "a", "b");
    assertThat(source.tensors().stream().map(t -> t.offset() - source.dataOffset()))
        .containsExactly(0L, 8L, 8L, 10L);
    assertThat(source.size()).isEqualTo(source.dataOffset() + 13);
  }

  @Test
  void everyRangeIsThatOfTheWhole() throws Exception {
    SafetensorsSource source = source();
    ByteBuffer whole = ByteBuffer.allocate((int) source.size());
    source.read(0, whole);
    whole.flip();
    byte[] data = {6, 7, 8, 9, 10, 11, 12, 13, 4, 5, 1, 2, 3};
    assertThat(whole.slice((int) source.dataOffset(), 13)).isEqualTo(ByteBuffer.wrap(data));
    SafetensorsHeader header =
        SafetensorsHeader.parse(
            whole.slice(8, SafetensorsHeader.length(whole, source.size())), source.size());
    assertThat(header.tensors()).isEqualTo(source.tensors());
    for (int from = (int) source.dataOffset() - 2; from <= whole.limit(); from++) {
      for (int to = from; to <= whole.limit(); to++) {
        ByteBuffer read = ByteBuffer.allocate(to - from + 2).position(1).limit(to - from + 1);
        source.read(from, read);
        assertThat(read.remaining()).isZero();
        assertThat(read.flip().position(1).slice()).isEqualTo(whole.slice(from, to - from));
        ByteBuffer view = source.view(from, to - from);
        assertThat(view == null || view.equals(whole.slice(from, to - from))).isTrue();
      }
    }
    assertThatThrownBy(() -> source.read(source.size() - 1, ByteBuffer.allocate(2)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void whatLiesInOneTensorIsSeenInPlace() {
    SafetensorsSource source = source();
    int data = (int) source.dataOffset();
    assertThat(source.view(data, 8).isDirect()).isTrue();
    assertThat(source.view(data + 10, 3)).isEqualTo(bytes(1, 2, 3).view(0, 3));
    assertThat(source.view(data + 7, 2)).isNull();
    assertThat(source.view(0, data)).isNotNull();
  }

  @Test
  void offsetsGoBeyondWhatAnIntHolds() throws Exception {
    ByteSource large = new Counted(5L << 30);
    SafetensorsSource source =
        SafetensorsSource.builder()
            .tensor("w", DType.I64, List.of(5L << 27), large)
            .tensor("z", DType.U8, List.of(2L), bytes(1, 2))
            .build();
    ByteBuffer end = ByteBuffer.allocate(10);
    source.read(source.size() - 10, end);
    assertThat(end.getLong(0)).isEqualTo((5L << 27) - 1);
    assertThat(end.getShort(8)).isEqualTo((short) 0x0102);
  }

  /** Each eight bytes are their number. */
  private record Counted(long size) implements ByteSource {
    @Override
    public void read(long offset, ByteBuffer dst) throws IOException {
      for (long at = offset; dst.hasRemaining(); at++) {
        dst.put((byte) ((at / 8) >> (8 * (7 - at % 8))));
      }
    }
  }

  @Test
  void theSameTensorsAreTheSameBytes() throws Exception {
    SafetensorsSource other =
        SafetensorsSource.builder()
            .metadata(Map.of("format", "pt"))
            .tensor("large", DType.F64, List.of(), bytes(6, 7, 8, 9, 10, 11, 12, 13))
            .tensor("a", DType.U8, List.of(1L, 2L), bytes(4, 5))
            .tensor("b", DType.U8, List.of(3L), bytes(1, 2, 3))
            .tensor("none", DType.F16, List.of(0L), bytes())
            .build();
    ByteBuffer one = ByteBuffer.allocate((int) other.size());
    ByteBuffer two = ByteBuffer.allocate((int) other.size());
    other.read(0, one);
    source().read(0, two);
    assertThat(one.flip()).isEqualTo(two.flip());
  }

  @Test
  void refusesWhatCannotBeRead() {
    SafetensorsSource.Builder builder =
        SafetensorsSource.builder().tensor("a", DType.U8, List.of(1L), bytes(1));
    for (String name : List.of("a", "__metadata__", "\ud800", "x".repeat(65_537))) {
      assertThatThrownBy(() -> builder.tensor(name, DType.U8, List.of(1L), bytes(1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> builder.tensor("b", DType.F32, List.of(1L), bytes(1)))
        .hasMessageContaining("'b' of F32 [1] has 4 bytes, and its source 1");
    assertThatThrownBy(
            () -> builder.tensor("b", DType.U8, java.util.Collections.nCopies(65, 1L), bytes(1)))
        .hasMessageContaining("65 dimensions");
    assertThatThrownBy(() -> builder.metadata(Map.of("k", "\udc00")))
        .isInstanceOf(IllegalArgumentException.class);
    builder.metadata(Map.of("1", "x".repeat(13_000_000), "2", "x".repeat(13_000_000)));
    assertThatThrownBy(builder::build).hasMessageContaining("25000000");
  }
}
