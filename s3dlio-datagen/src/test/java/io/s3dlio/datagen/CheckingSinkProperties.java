package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is wrong is found, whatever way it arrives; what is right is not called wrong. */
class CheckingSinkProperties {

  private static final int SIZE = 70_001;
  private static final GeneratedObject OBJECT = GeneratorSpec.of(7).object("k", SIZE);

  @Example
  void null_is_refused_at_once() {
    assertThatNullPointerException().isThrownBy(() -> new CheckingSink(null));
    assertThatNullPointerException().isThrownBy(() -> new CheckingSink(OBJECT, null));
  }

  @Property
  void a_single_flipped_bit_is_found_wherever_it_is(
      @ForAll @IntRange(max = SIZE - 1) int at,
      @ForAll @IntRange(max = 7) int bit,
      @ForAll @IntRange(min = 1, max = 20_000) int chunk,
      @ForAll boolean generated,
      @ForAll boolean direct)
      throws IOException {
    byte[] bytes = bytes(OBJECT);
    bytes[at] ^= (byte) (1 << bit);
    CheckingSink sink = new CheckingSink(generated ? OBJECT : copy(OBJECT));
    for (int from = 0; from < SIZE; from += chunk) {
      int length = Math.min(chunk, SIZE - from);
      ByteBuffer src = direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
      src.put(bytes, from, length).flip();
      sink.write(from, src.asReadOnlyBuffer());
    }
    assertThat(sink.result()).isEqualTo(result(SIZE, 1, 0, OptionalLong.of(at)));
    assertThat(sink.result().isRight()).isFalse();
  }

  /** Random writes, right and wrong ones, over each other, against a model of every byte. */
  @Property(tries = 300)
  void the_last_write_of_every_byte_counts(
      @ForAll Random random,
      @ForAll boolean generated,
      @ForAll @IntRange(min = 1, max = 40) int writes)
      throws IOException {
    byte[] right = bytes(GeneratorSpec.of(7).object("k", SIZE + 5000));
    BitSet arrived = new BitSet();
    BitSet wrong = new BitSet();
    CheckingSink sink = new CheckingSink(generated ? OBJECT : copy(OBJECT));
    for (int i = 0; i < writes; i++) {
      int from = random.nextInt(SIZE + 5000);
      int length = random.nextInt(Math.min(30_000, SIZE + 5000 - from) + 1);
      byte[] data = new byte[length];
      System.arraycopy(right, from, data, 0, length);
      arrived.set(from, from + length);
      wrong.clear(from, from + length);
      wrong.set(Math.max(SIZE, from), Math.max(SIZE, from + length));
      for (int damage = random.nextInt(4); damage > 0 && length > 0; damage--) {
        int at = random.nextInt(length);
        data[at] = (byte) (right[from + at] + 1 + random.nextInt(255));
        wrong.set(from + at);
      }
      ByteBuffer src = ByteBuffer.wrap(data);
      sink.write(from, src);
      assertThat(src.hasRemaining()).isFalse();
      assertThat(src.limit()).isEqualTo(length);
    }
    long inside = arrived.get(0, SIZE).cardinality();
    assertThat(sink.result())
        .isEqualTo(
            result(
                arrived.cardinality(),
                wrong.cardinality(),
                SIZE - inside,
                wrong.isEmpty() ? OptionalLong.empty() : OptionalLong.of(wrong.nextSetBit(0))));
  }

  @Example
  void any_source_is_compared_beyond_what_is_read_at_a_time() throws IOException {
    GeneratedObject large = GeneratorSpec.of(7).object("large", 3_000_000);
    byte[] bytes = bytes(large);
    CheckingSink right = new CheckingSink(copy(large));
    right.write(0, ByteBuffer.wrap(bytes));
    assertThat(right.result().isWholeAndRight()).isTrue();
    bytes[2_500_000] ^= 1;
    CheckingSink wrong = new CheckingSink(copy(large));
    wrong.write(0, ByteBuffer.wrap(bytes));
    assertThat(wrong.result()).isEqualTo(result(3_000_000, 1, 0, OptionalLong.of(2_500_000)));
  }

  private static ByteSource copy(GeneratedObject object) {
    return ByteSources.of(ByteBuffer.wrap(bytes(object)));
  }

  @Example
  void a_right_object_is_right_and_whole() throws IOException {
    CheckingSink sink = checked(OBJECT, bytes(OBJECT));
    assertThat(sink.result()).isEqualTo(result(SIZE, 0, 0, OptionalLong.empty()));
    assertThat(sink.result().isWholeAndRight()).isTrue();
  }

  @Example
  void a_truncated_object_is_right_but_not_whole() throws IOException {
    byte[] bytes = bytes(GeneratorSpec.of(7).object("k", SIZE - 1));
    CheckResult result = checked(OBJECT, bytes).result();
    assertThat(result).isEqualTo(result(SIZE - 1, 0, 1, OptionalLong.empty()));
    assertThat(result.isRight()).isTrue();
    assertThat(result.isWholeAndRight()).isFalse();
  }

  @Example
  void nothing_at_all_is_right_only_for_the_empty_object() throws IOException {
    assertThat(new CheckingSink(OBJECT).result().isWholeAndRight()).isFalse();
    GeneratedObject empty = GeneratorSpec.of(7).object("k", 0);
    assertThat(new CheckingSink(empty).result().isWholeAndRight()).isTrue();
    assertThat(checked(empty, new byte[1]).result()).isEqualTo(result(1, 1, 0, OptionalLong.of(0)));
  }

  @Example
  void an_extended_object_is_wrong_from_its_end_on_even_if_it_continues_right() throws IOException {
    byte[] bytes = bytes(GeneratorSpec.of(7).object("k", SIZE + 10));
    assertThat(checked(OBJECT, bytes).result())
        .isEqualTo(result(SIZE + 10, 10, 0, OptionalLong.of(SIZE)));
  }

  @Example
  void a_swapped_object_and_one_of_another_seed_are_wrong_nearly_everywhere() throws IOException {
    for (GeneratedObject other :
        List.of(GeneratorSpec.of(7).object("l", SIZE), GeneratorSpec.of(8).object("k", SIZE))) {
      CheckResult result = checked(OBJECT, bytes(other)).result();
      assertThat(result.wrongBytes()).isGreaterThan(SIZE * 99L / 100);
      assertThat(result.firstWrongOffset().orElseThrow()).isLessThan(10);
    }
  }

  @Example
  void blocks_of_one_object_that_changed_places_are_wrong() throws IOException {
    byte[] bytes = bytes(OBJECT);
    byte[] swapped = bytes.clone();
    System.arraycopy(bytes, 0, swapped, 32_768, 32_768);
    System.arraycopy(bytes, 32_768, swapped, 0, 32_768);
    assertThat(checked(OBJECT, swapped).result().wrongBytes()).isGreaterThan(64_000);
  }

  @Example
  void an_object_of_garbage_is_counted_in_bounded_memory() throws IOException {
    int pages = WrongBytes.MAX_PAGES + 100;
    GeneratedObject large = GeneratorSpec.of(7).object("large", (long) pages * Pages.PAGE);
    CheckingSink sink = new CheckingSink(large);
    byte[] inverted = bytes(large);
    for (int i = 0; i < inverted.length; i++) {
      inverted[i] = (byte) ~inverted[i];
    }
    sink.write(0, ByteBuffer.wrap(inverted));
    assertThat(sink.result()).isEqualTo(result(large.size(), large.size(), 0, OptionalLong.of(0)));
    sink.write(0, ByteBuffer.wrap(bytes(large)));
    long remembered = (long) WrongBytes.MAX_PAGES * Pages.PAGE;
    assertThat(sink.result())
        .isEqualTo(result(large.size(), large.size() - remembered, 0, OptionalLong.of(remembered)));
  }

  @Example
  void too_many_pieces_are_refused_rather_than_remembered() throws IOException {
    CheckingSink sink = new CheckingSink(GeneratorSpec.of(7).object("k", 1 << 20));
    ByteBuffer one = ByteBuffer.allocate(1);
    for (int i = 0; i < Ranges.MAX_PIECES; i++) {
      sink.write(2L * i, one.clear());
    }
    assertThatThrownBy(() -> sink.write(2L * Ranges.MAX_PIECES, one.clear()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("pieces");
    assertThat(sink.result().checkedBytes()).isEqualTo(Ranges.MAX_PIECES);
  }

  @Example
  void adjacent_pieces_are_one_in_whatever_order_they_arrive() throws IOException {
    int pieces = Ranges.MAX_PIECES + 100;
    CheckingSink sink = new CheckingSink(GeneratorSpec.of(7).object("k", 1 << 20));
    ByteBuffer one = ByteBuffer.allocate(1);
    for (int i = 0; i < pieces; i++) {
      sink.write(pieces + i, one.clear());
      sink.write(pieces - 1 - i, one.clear());
    }
    assertThat(sink.result().checkedBytes()).isEqualTo(2L * pieces);
  }

  @Example
  void ranges_that_are_none_are_refused() {
    CheckingSink sink = new CheckingSink(OBJECT);
    assertThatThrownBy(() -> sink.write(-1, ByteBuffer.allocate(1)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sink.write(Long.MAX_VALUE, ByteBuffer.allocate(1)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Example
  void parts_written_by_many_threads_are_counted_exactly() throws Exception {
    int part = 100_000;
    int parts = 64;
    GeneratedObject object = GeneratorSpec.of(9).object("parts", (long) part * parts);
    CheckingSink sink = new CheckingSink(object);
    List<Callable<Void>> writes = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      long offset = (long) i * part;
      writes.add(
          () -> {
            byte[] bytes = GeneratedObjectProperties.read(object, offset, part);
            // In the page that two parts share, and in the middle of each.
            bytes[0] ^= 1;
            bytes[part - 1] ^= 1;
            bytes[part / 2] ^= 1;
            sink.write(offset, ByteBuffer.wrap(bytes));
            return null;
          });
    }
    ExecutorService executor = Executors.newFixedThreadPool(4);
    try {
      for (Future<Void> write : executor.invokeAll(writes, 1, TimeUnit.MINUTES)) {
        write.get();
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(sink.result()).isEqualTo(result(object.size(), 3L * parts, 0, OptionalLong.of(0)));
  }

  private static CheckResult result(long checked, long wrong, long missing, OptionalLong first) {
    return new CheckResult(checked, wrong, missing, first, Optional.empty());
  }

  private static CheckingSink checked(GeneratedObject expected, byte[] bytes) throws IOException {
    CheckingSink sink = new CheckingSink(expected);
    sink.write(0, ByteBuffer.wrap(bytes));
    return sink;
  }

  private static byte[] bytes(GeneratedObject object) {
    return GeneratedObjectProperties.read(object, 0, (int) object.size());
  }
}
