package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataGeneratorTest {

  private static final int MIB = 1 << 20;
  private static final GeneratorSpec SPEC = GeneratorSpec.of(1).withCompression(2);

  @Test
  void whole_buffers_until_the_end() {
    DataGenerator generator = new DataGenerator(SPEC.object("k", 2500));
    ByteBuffer dst = ByteBuffer.allocate(1000);
    assertThat(generator.fill(dst)).isEqualTo(1000);
    assertThat(generator.fill(dst)).as("no room").isZero();
    assertThat(generator.fill(dst.clear())).isEqualTo(1000);
    assertThat(generator.fill(dst.clear())).isEqualTo(500);
    assertThat(dst.position()).isEqualTo(500);
    assertThat(dst.limit()).isEqualTo(1000);
    assertThat(generator.isComplete()).isTrue();
    assertThat(generator.fill(dst)).isEqualTo(-1);
    generator.reset();
    assertThat(generator.fill(dst.clear())).isEqualTo(1000);
    assertThat(dst.array()).isEqualTo(read(SPEC, 0, 1000));
  }

  @Test
  void chunks_of_32_mib_unless_told() throws ObjectStoreException {
    GeneratedObject object = SPEC.object("k", 33L * MIB + 5);
    DataGenerator generator = new DataGenerator(object);
    try (BytesView first = generator.chunk();
        BytesView last = generator.chunk();
        BytesView none = generator.chunk()) {
      assertThat(first.size()).isEqualTo(32L * MIB);
      assertThat(object.check(0, first.asByteBuffer())).isEmpty();
      assertThat(last.size()).isEqualTo(MIB + 5);
      assertThat(object.check(32L * MIB, last.asByteBuffer())).isEmpty();
      assertThat(none.size()).isZero();
    }
  }

  @Test
  void stripes_of_a_seed_are_alike_wherever_they_lie() {
    DataGenerator generator = new DataGenerator(SPEC.withSeed(7).object("k", 10L * MIB));
    int stripe = 3 * MIB / 2;
    byte[] a = fill(generator, stripe);
    generator.setSeed(8);
    byte[] b = fill(generator, stripe);
    assertThat(generator.object()).isEqualTo(SPEC.withSeed(8).object("k", 10L * MIB));
    generator.setSeed(7);
    assertThat(fill(generator, stripe)).isEqualTo(a);
    assertThat(b).isNotEqualTo(a).isEqualTo(read(SPEC.withSeed(8), 0, stripe));
    assertThat(generator.position()).isEqualTo(3L * stripe);
    assertThat(generator.remaining()).isEqualTo(10L * MIB - 3L * stripe);
  }

  @Test
  void going_back_after_a_seed_was_set_gives_its_object_from_the_begin() {
    DataGenerator generator = new DataGenerator(SPEC.object("k", 10L * MIB));
    fill(generator, 3 * MIB);
    generator.setSeed(8);
    fill(generator, MIB);
    generator.reset();
    assertThat(fill(generator, 5 * MIB)).isEqualTo(read(SPEC.withSeed(8), 0, 5 * MIB));
    generator.seek(12_345);
    assertThat(fill(generator, 10_000)).isEqualTo(read(SPEC.withSeed(8), 12_345, 10_000));
  }

  @Test
  void a_seed_is_set_where_objects_share_blocks() {
    GeneratorSpec spec = SPEC.withDedup(2).withDedupScope(DedupScope.dataSet(3, 100_000));
    DataGenerator generator = new DataGenerator(spec.object("k", 100_000, 2));
    generator.setSeed(9);
    assertThat(fill(generator, 100_000))
        .isEqualTo(
            GeneratedObjectProperties.read(spec.withSeed(9).object("k", 100_000, 2), 0, 100_000));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void four_threads_get_every_byte_once(int poolThreads) throws Exception {
    GeneratedObject object = GeneratorSpec.of(4).object("shared", 64L * MIB + 777);
    ExecutorService callers = Executors.newFixedThreadPool(4);
    List<byte[]> pieces = new ArrayList<>();
    try (GeneratorPool pool = new GeneratorPool(poolThreads)) {
      DataGenerator generator = new DataGenerator(object, pool);
      Callable<List<byte[]>> some = () -> all(generator);
      for (Future<List<byte[]>> done : callers.invokeAll(List.of(some, some, some, some))) {
        pieces.addAll(done.get(1, TimeUnit.MINUTES));
      }
    } finally {
      callers.shutdownNow();
    }
    ByteBuffer whole = ByteBuffer.allocate((int) object.size());
    object.read(0, whole);
    int at = 0;
    for (byte[] next = at(pieces, whole, at); next != null; next = at(pieces, whole, at)) {
      at += next.length;
    }
    assertThat(at).isEqualTo(whole.capacity());
    assertThat(pieces.stream().mapToLong(p -> p.length).sum()).isEqualTo(object.size());
  }

  /** Alternately by both ways, until none are left. */
  private static List<byte[]> all(DataGenerator generator) throws ObjectStoreException {
    List<byte[]> pieces = new ArrayList<>();
    ByteBuffer dst = ByteBuffer.allocate(100_003);
    while (generator.fill(dst.clear()) >= 0) {
      pieces.add(Arrays.copyOf(dst.array(), dst.position()));
      try (BytesView chunk = generator.chunk(3 * MIB / 2)) {
        if (chunk.size() > 0) {
          pieces.add(chunk.toByteArray());
        }
      }
    }
    return pieces;
  }

  private static byte[] at(List<byte[]> pieces, ByteBuffer whole, int offset) {
    for (byte[] piece : pieces) {
      if (offset + piece.length <= whole.capacity()
          && whole.slice(offset, piece.length).equals(ByteBuffer.wrap(piece))) {
        return piece;
      }
    }
    return null;
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_chunk_is_shorter_if_others_took_of_the_rest_while_it_waited_for_memory() throws Exception {
    BufferPool memory = BufferPool.ofLimit(2 * BufferPool.ALIGNMENT);
    GeneratedObject object = SPEC.object("k", 1000);
    GeneratorPool threads = new GeneratorPool(1);
    DataGenerator generator = new DataGenerator(object, threads, memory);
    ExecutorService callers = Executors.newFixedThreadPool(1);
    Lease all = memory.acquire(1, "test", Duration.ZERO);
    try {
      AtomicReference<Thread> caller = new AtomicReference<>();
      Future<BytesView> waiting =
          callers.submit(
              () -> {
                caller.set(Thread.currentThread());
                return generator.chunk(1000);
              });
      while (caller.get() == null || caller.get().getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      assertThat(fill(generator, 600)).isEqualTo(GeneratedObjectProperties.read(object, 0, 600));
      all.close();
      try (BytesView rest = waiting.get(1, TimeUnit.MINUTES)) {
        assertThat(rest.size()).isEqualTo(400);
        assertThat(object.check(600, rest.asByteBuffer())).isEmpty();
      }
    } finally {
      all.close();
      threads.close();
      callers.shutdownNow();
    }
    assertThat(memory.used()).isZero();
  }

  @Test
  void a_seed_that_is_set_meanwhile_counts_from_a_fill_on() throws Exception {
    List<GeneratedObject> objects =
        List.of(
            GeneratorSpec.of(0).object("k", Long.MAX_VALUE),
            GeneratorSpec.of(1).object("k", Long.MAX_VALUE));
    DataGenerator generator = new DataGenerator(objects.get(0));
    ExecutorService callers = Executors.newFixedThreadPool(1);
    try {
      Future<?> setter =
          callers.submit(
              () -> {
                for (int i = 0; i < 5_000; i++) {
                  generator.setSeed(i % 2);
                }
              });
      ByteBuffer dst = ByteBuffer.allocate(2 * Pages.BLOCK).order(ByteOrder.LITTLE_ENDIAN);
      long expectedUnit = 0;
      int stripes = 0;
      while (!setter.isDone()) {
        generator.fill(dst.clear());
        dst.flip();
        long unit = unitOf(objects, dst);
        assertThat(unit).isIn(0L, expectedUnit);
        stripes += unit == 0 ? 1 : 0;
        expectedUnit = unit + 2;
      }
      setter.get(1, TimeUnit.MINUTES);
      assertThat(stripes).isPositive();
    } finally {
      callers.shutdownNow();
    }
  }

  /** The unit with which the bytes begin, all of which belong to one of the objects. */
  private static long unitOf(List<GeneratedObject> objects, ByteBuffer bytes) {
    for (GeneratedObject object : objects) {
      long unit = object.dataSet().unitOf(bytes.getLong(0), bytes.getLong(8));
      if (unit >= 0
          && unit < Long.MAX_VALUE / Pages.BLOCK - 2
          && object.check(unit * Pages.BLOCK, bytes.duplicate()).isEmpty()) {
        return unit;
      }
    }
    throw new AssertionError("bytes of no object");
  }

  @Test
  void one_call_gives_bytes() throws ObjectStoreException {
    try (BytesView one = DataGenerator.generate(100_000);
        BytesView other = DataGenerator.generate(100_000);
        BytesView seeded = DataGenerator.generate(SPEC, 100_000);
        BytesView none = DataGenerator.generate(0)) {
      assertThat(one.toByteArray()).hasSize(100_000).isNotEqualTo(other.toByteArray());
      assertThat(seeded.toByteArray())
          .isEqualTo(GeneratedObjectProperties.read(SPEC.object("", 100_000), 0, 100_000));
      assertThat(none.size()).isZero();
    }
  }

  @Test
  void an_object_below_a_page_is_the_same_by_all_ways() throws IOException {
    for (int size : new int[] {1, 15, 16, 100, 511, 512, 513}) {
      GeneratedObject object = SPEC.object("", size);
      try (BytesView whole = DataGenerator.generate(SPEC, size)) {
        DataGenerator generator = new DataGenerator(object);
        ByteBuffer byOne = ByteBuffer.allocate(size);
        for (int i = 0; i < size; i++) {
          assertThat(generator.fill(byOne.limit(i + 1))).isOne();
        }
        assertThat(byOne.array()).isEqualTo(whole.toByteArray());
        assertThat(object.inputStream().readAllBytes()).isEqualTo(whole.toByteArray());
      }
    }
  }

  @Test
  void what_is_larger_than_2_gib_comes_in_pieces() throws ObjectStoreException {
    long size = (2L << 30) + 12_345;
    BufferPool memory = BufferPool.ofLimit(size + MIB);
    GeneratedObject object = GeneratorSpec.of(1).object("large", size);
    try (GeneratorPool threads = new GeneratorPool(2);
        BytesView bytes = DataGenerator.generate(object, threads, memory)) {
      assertThat(bytes.size()).isEqualTo(size);
      assertThat(bytes.asByteBuffers()).hasSize(3);
      long at = 0;
      for (ByteBuffer piece : bytes.asByteBuffers()) {
        int length = piece.remaining();
        assertThat(object.check(at, piece)).isEmpty();
        at += length;
      }
    }
    assertThat(memory.used()).isZero();
  }

  @Test
  void too_little_memory_is_said_and_no_range_is_lost() {
    BufferPool memory = BufferPool.ofLimit(MIB);
    GeneratedObject object = SPEC.object("k", Long.MAX_VALUE);
    try (GeneratorPool threads = new GeneratorPool(1)) {
      DataGenerator generator = new DataGenerator(object, threads, memory);
      for (long length : new long[] {2 * MIB, 5L << 30, Long.MAX_VALUE}) {
        assertThatThrownBy(() -> generator.chunk(length))
            .hasMessageContaining("chunk")
            .hasMessageContaining("memory limit of 1MiB")
            .asInstanceOf(InstanceOfAssertFactories.type(ObjectStoreException.class))
            .extracting(ObjectStoreException::kind)
            .isEqualTo(Kind.OUT_OF_RESOURCES);
      }
      assertThat(generator.position()).isZero();
      assertThatThrownBy(() -> DataGenerator.generate(object, threads, memory))
          .hasMessageContaining("generate")
          .hasMessageContaining("memory limit of 1MiB");
    }
  }

  @Test
  void memory_goes_back_if_making_fails() {
    BufferPool memory = BufferPool.ofLimit(8L * MIB);
    GeneratorPool threads = new GeneratorPool(2);
    threads.close();
    GeneratedObject object = SPEC.object("k", 3 * MIB);
    DataGenerator generator = new DataGenerator(object, threads, memory);
    assertThatThrownBy(() -> generator.chunk(2 * MIB))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> DataGenerator.generate(object, threads, memory))
        .isInstanceOf(RejectedExecutionException.class);
    ByteBuffer dst = ByteBuffer.allocate(2 * MIB);
    generator.seek(3 * MIB / 2);
    assertThatThrownBy(() -> generator.fill(dst)).isInstanceOf(RejectedExecutionException.class);
    assertThat(dst.limit()).isEqualTo(2 * MIB);
    generator.seek(3 * MIB / 2);
    assertThat(generator.fill(dst.limit(1000))).as("without the threads").isEqualTo(1000);
    assertThat(memory.used()).isZero();
  }

  @Test
  void what_makes_no_sense_is_refused() throws ObjectStoreException {
    DataGenerator generator = new DataGenerator(SPEC.object("k", 1000));
    assertThatThrownBy(() -> generator.seek(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("seek to -1: must be 0 to 1000, the size");
    assertThatThrownBy(() -> generator.seek(1001)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> generator.chunk(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a chunk of 0 bytes: must be 1 or more");
    assertThatThrownBy(() -> generator.chunk(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> generator.fill(ByteBuffer.allocate(9).asReadOnlyBuffer()))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> generator.fill(ByteBuffer.allocate(0).asReadOnlyBuffer()))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThat(generator.position()).isZero();
    assertThatThrownBy(() -> DataGenerator.generate(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size -1 is negative");
    GeneratorSpec shared = SPEC.withDedup(2).withDedupScope(DedupScope.dataSet(2, 1000));
    assertThatThrownBy(() -> DataGenerator.generate(shared, 1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("index");
    generator.seek(1000);
    assertThat(generator.fill(ByteBuffer.allocate(1))).isEqualTo(-1);
    try (BytesView none = generator.chunk(1)) {
      assertThat(none.size()).isZero();
    }
  }

  @Test
  void a_channel_keeps_the_contract_of_channels() throws IOException {
    SeekableByteChannel channel = SPEC.object("k", 1000).channel();
    assertThat(channel.size()).isEqualTo(1000);
    assertThat(channel.position(5_000).read(ByteBuffer.allocate(1))).isEqualTo(-1);
    assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
    assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(9).asReadOnlyBuffer()))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
        .isInstanceOf(NonWritableChannelException.class);
    assertThatThrownBy(() -> channel.truncate(1)).isInstanceOf(NonWritableChannelException.class);
    ByteBuffer room = ByteBuffer.allocate(2000);
    assertThat(channel.position(400).read(room)).isEqualTo(600);
    assertThat(room.limit()).isEqualTo(2000);
    assertThat(channel.isOpen()).isTrue();
    channel.close();
    channel.close();
    assertThat(channel.isOpen()).isFalse();
    assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(channel::position).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> channel.position(0)).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
  }

  private static byte[] fill(DataGenerator generator, int length) {
    ByteBuffer dst = ByteBuffer.allocate(length);
    assertThat(generator.fill(dst)).isEqualTo(length);
    return dst.array();
  }

  private static byte[] read(GeneratorSpec spec, long offset, int length) {
    return GeneratedObjectProperties.read(spec.object("k", 10L * MIB), offset, length);
  }
}
