package io.s3dlio.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteSource;
import io.s3dlio.checkpoint.TensorSlice;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.safetensors.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A part's bytes are those that the whole has there, and a wrong one is found where it is. */
class SyntheticTensorProperties {

  private static final int SIZE = DType.F32.bits() / 8;

  private static SyntheticTensor tensor(List<Long> shape) {
    return new SyntheticTensor(
        "t", DType.F32, shape, GeneratorSpec.of(7).object("t", DType.F32.bytes(shape)));
  }

  /** A box between two corners. */
  private static TensorSlice box(long rows, long columns, int a, int b, int c, int d) {
    long top = Math.min(a % rows, b % rows);
    long left = Math.min(c % columns, d % columns);
    return new TensorSlice(
        List.of(top, left),
        List.of(
            Math.max(a % rows, b % rows) - top + 1, Math.max(c % columns, d % columns) - left + 1));
  }

  private static byte[] read(ByteSource source, long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    source.read(offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  @Property(tries = 300)
  void aPartIsWhatTheWholeHasThere(
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 9000) int columns,
      @ForAll @IntRange(min = 0, max = 1 << 20) int a,
      @ForAll @IntRange(min = 0, max = 1 << 20) int b,
      @ForAll @IntRange(min = 0, max = 1 << 20) int c,
      @ForAll @IntRange(min = 0, max = 1 << 20) int d)
      throws IOException {
    SyntheticTensor tensor = tensor(List.of((long) rows, (long) columns));
    TensorSlice slice = box(rows, columns, a, b, c, d);
    ByteSource part = tensor.part(slice);
    assertThat(part.size()).isEqualTo(SIZE * slice.elements());
    byte[] whole = read(tensor.content(), 0, (int) tensor.content().size());
    ByteBuffer expected = ByteBuffer.allocate((int) part.size());
    int run = (int) (SIZE * slice.shape().get(1));
    for (long row = 0; row < slice.shape().get(0); row++) {
      long at = (slice.offsets().get(0) + row) * columns + slice.offsets().get(1);
      expected.put(whole, (int) (SIZE * at), run);
    }
    assertThat(read(part, 0, (int) part.size())).isEqualTo(expected.array());
    int from = a % (int) part.size();
    int length = b % ((int) part.size() - from + 1);
    assertThat(read(part, from, length)).isEqualTo(range(expected, from, length));
  }

  private static byte[] range(ByteBuffer bytes, int from, int length) {
    byte[] range = new byte[length];
    bytes.get(from, range);
    return range;
  }

  @Property(tries = 300)
  void aWrongByteIsFound(
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 9000) int columns,
      @ForAll @IntRange(min = 0, max = 1 << 20) int a,
      @ForAll @IntRange(min = 0, max = 1 << 20) int b,
      @ForAll @IntRange(min = 0, max = 1 << 20) int c,
      @ForAll @IntRange(min = 0, max = 1 << 20) int d)
      throws IOException {
    SyntheticTensor tensor = tensor(List.of((long) rows, (long) columns));
    TensorSlice slice = box(rows, columns, a, b, c, d);
    byte[] bytes = read(tensor.part(slice), 0, (int) (SIZE * slice.elements()));
    assertThat(check(tensor.check(slice), bytes, 1 + c % 5000).firstWrong()).isEmpty();

    int wrong = (a ^ d) % bytes.length;
    bytes[wrong] ^= 1;
    PartCheck check = check(tensor.check(slice), bytes, 1 + c % 5000);
    assertThat(check.checkedBytes()).isEqualTo(bytes.length);
    int run = (int) (SIZE * slice.shape().get(1));
    long row = slice.offsets().get(0) + wrong / run;
    assertThat(check.firstWrong().orElseThrow().firstWrongOffset())
        .hasValue(SIZE * (row * columns + slice.offsets().get(1)) + wrong % run);
  }

  /** In pieces, the last one first. */
  private static PartCheck check(PartCheck check, byte[] bytes, int piece) throws IOException {
    List<Integer> starts = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += piece) {
      starts.add(0, at);
    }
    for (int at : starts) {
      check.write(at, ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
    }
    return check;
  }
}
