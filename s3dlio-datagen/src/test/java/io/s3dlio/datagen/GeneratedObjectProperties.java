package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** However it is read, an object is one sequence of bytes: the documented one. */
class GeneratedObjectProperties {

  /** A few blocks and a bit. */
  private static final int SIZE = 5 * 32 * 1024 + 4321;

  private static final GeneratedObject OBJECT = GeneratorSpec.of(42).object("a/key", SIZE);
  private static final byte[] EXPECTED = Reference.bytes(42, "a/key", SIZE);

  @Property(tries = 20)
  void any_seed_and_key_give_the_documented_bytes(@ForAll long seed, @ForAll @Size(12) char[] key) {
    String wellFormed = new String(key).replaceAll("[\\uD800-\\uDFFF]", "\uD83D\uDE00");
    GeneratedObject object = GeneratorSpec.of(seed).object(wellFormed, 70_000);
    assertThat(read(object, 0, 70_000)).isEqualTo(Reference.bytes(seed, wellFormed, 70_000));
  }

  @Property
  void any_range_alone_is_a_part_of_the_whole(
      @ForAll @IntRange(max = SIZE) int from, @ForAll @IntRange(max = SIZE) int to) {
    int start = Math.min(from, to);
    int end = Math.max(from, to);
    assertThat(read(OBJECT, start, end - start)).isEqualTo(slice(start, end));
  }

  @Property
  void heap_and_direct_buffers_at_any_alignment_and_of_any_order(
      @ForAll @IntRange(max = SIZE - 9000) int offset,
      @ForAll @IntRange(max = 9000) int length,
      @ForAll @IntRange(max = 70) int position,
      @ForAll boolean direct) {
    int capacity = position + length + 5;
    ByteBuffer dst = direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
    dst.position(position).limit(position + length);
    OBJECT.read(offset, dst);
    assertThat(dst.position()).isEqualTo(dst.limit());
    assertThat(dst.position(position)).isEqualTo(ByteBuffer.wrap(slice(offset, offset + length)));
    dst.clear();
    for (int i = 0; i < capacity; i++) {
      if (i < position || i >= position + length) {
        assertThat(dst.get(i)).as("byte %d lies outside of the range asked for", i).isZero();
      }
    }
  }

  @Property(tries = 200)
  void any_split_in_any_order_gives_the_whole(
      @ForAll List<@IntRange(max = SIZE) Integer> cuts, @ForAll Random random) {
    byte[] whole = new byte[SIZE];
    List<int[]> ranges = ranges(cuts);
    Collections.shuffle(ranges, random);
    for (int[] range : ranges) {
      OBJECT.read(range[0], ByteBuffer.wrap(whole, range[0], range[1] - range[0]));
    }
    assertThat(whole).isEqualTo(EXPECTED);
  }

  @Property(tries = 50)
  void any_number_of_threads_gives_the_whole(
      @ForAll @IntRange(min = 2, max = 8) int threads,
      @ForAll List<@IntRange(max = SIZE) Integer> cuts)
      throws Exception {
    byte[] whole = new byte[SIZE];
    List<Callable<Void>> reads = new ArrayList<>();
    for (int[] range : ranges(cuts)) {
      reads.add(
          () -> {
            OBJECT.read(range[0], ByteBuffer.wrap(whole, range[0], range[1] - range[0]));
            return null;
          });
    }
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Void> read : executor.invokeAll(reads, 1, TimeUnit.MINUTES)) {
        read.get();
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(whole).isEqualTo(EXPECTED);
  }

  @Property(tries = 100)
  void reading_two_objects_in_turn_mixes_nothing(
      @ForAll @Size(20) List<@IntRange(max = 60_000) Integer> offsets) {
    GeneratedObject other = GeneratorSpec.of(43).object("a/key", SIZE);
    byte[] expectedOfOther = Reference.bytes(43, "a/key", 70_000);
    for (int offset : offsets) {
      assertThat(read(OBJECT, offset, 5000)).isEqualTo(slice(offset, offset + 5000));
      assertThat(read(other, offset, 5000))
          .isEqualTo(Arrays.copyOfRange(expectedOfOther, offset, offset + 5000));
    }
  }

  @Property(tries = 50)
  void far_into_the_largest_object(@ForAll @LongRange(min = 0) long offset) {
    GeneratedObject largest = GeneratorSpec.of(-1).object("large", Long.MAX_VALUE);
    long start = Math.min(offset, Long.MAX_VALUE - 9000);
    byte[] bytes = read(largest, start, 9000);
    assertThat(read(largest, start + 4000, 5000)).isEqualTo(Arrays.copyOfRange(bytes, 4000, 9000));
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1).chars().distinct()).hasSize(256);
  }

  @Example
  void a_smaller_object_is_the_beginning_of_a_larger_one() {
    assertThat(read(GeneratorSpec.of(42).object("a/key", 1000), 0, 1000)).isEqualTo(slice(0, 1000));
  }

  @Example
  void an_empty_object_has_an_empty_range() {
    GeneratedObject empty = GeneratorSpec.of(1).object("", 0);
    assertThat(read(empty, 0, 0)).isEmpty();
    assertThatThrownBy(() -> read(empty, 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Property
  void a_channel_may_stand_anywhere_beyond_the_end(@ForAll @LongRange(min = SIZE) long position)
      throws IOException {
    try (SeekableByteChannel channel = OBJECT.channel().position(position)) {
      assertThat(channel.read(ByteBuffer.allocate(5000))).isEqualTo(-1);
      assertThat(channel.position()).isEqualTo(position);
    }
  }

  @Example
  void what_is_out_of_range_is_refused() {
    assertThatThrownBy(() -> read(OBJECT, -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> read(OBJECT, SIZE - 5, 6))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> read(OBJECT, Long.MAX_VALUE, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> OBJECT.read(0, ByteBuffer.allocate(8).asReadOnlyBuffer()))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> GeneratorSpec.of(1).object("k", -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> GeneratorSpec.of(1).object("half \uD83D", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("surrogate");
    assertThatThrownBy(() -> new GeneratorSpec(2, 1, 1, 1, 4096, DedupScope.OBJECT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 2");
  }

  static byte[] read(GeneratedObject object, long offset, int length) {
    ByteBuffer dst = ByteBuffer.allocate(length);
    object.read(offset, dst);
    return dst.array();
  }

  private static byte[] slice(int from, int to) {
    return Arrays.copyOfRange(EXPECTED, from, to);
  }

  private static List<int[]> ranges(List<Integer> cuts) {
    List<Integer> ends = new ArrayList<>(cuts);
    ends.add(SIZE);
    Collections.sort(ends);
    List<int[]> ranges = new ArrayList<>();
    int from = 0;
    for (int end : ends) {
      ranges.add(new int[] {from, end});
      from = end;
    }
    return ranges;
  }
}
