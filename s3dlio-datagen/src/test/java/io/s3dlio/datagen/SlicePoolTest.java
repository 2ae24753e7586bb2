package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SlicePoolTest {

  private static final GeneratorSpec SPEC = GeneratorSpec.of(1);
  private static final int MIB = 1 << 20;

  @Property(tries = 60)
  void slices_of_any_sizes_are_all_different(
      @ForAll @DoubleRange(min = 1, max = 20) double compression,
      @ForAll @Size(min = 1, max = 30)
          List<@IntRange(min = 16, max = SlicePool.MAX_SLICE) Integer> sizes)
      throws ObjectStoreException {
    Set<ByteBuffer> seen = new HashSet<>();
    try (SlicePool pool = new SlicePool(SPEC.withCompression(compression))) {
      for (int size : sizes) {
        for (int i = 0; i < 20; i++) {
          try (BytesView slice = pool.nextSlice(size)) {
            assertThat(slice.size()).isEqualTo(size);
            ByteBuffer begin = slice.asByteBuffer();
            assertThat(begin.remaining()).isEqualTo(size);
            assertThat(seen.add(copy(begin.limit(16)))).isTrue();
          }
        }
      }
    }
  }

  @Example
  void threads_and_pools_and_keys_share_no_bytes() throws Exception {
    Set<ByteBuffer> seen = new HashSet<>();
    int slices = 3_000;
    try (SlicePool one = new SlicePool(SPEC);
        SlicePool otherKey = new SlicePool(SPEC, "other", BufferPool.shared());
        SlicePool random = new SlicePool(GeneratorSpec.random());
        SlicePool randomToo = new SlicePool(GeneratorSpec.random())) {
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try {
        List<Callable<List<ByteBuffer>>> calls = new ArrayList<>();
        for (SlicePool pool : List.of(one, one, one, otherKey, random, randomToo)) {
          calls.add(() -> copies(pool, slices, 1000));
        }
        for (Future<List<ByteBuffer>> call : threads.invokeAll(calls, 1, TimeUnit.MINUTES)) {
          call.get().forEach(slice -> assertThat(seen.add(slice)).isTrue());
        }
      } finally {
        threads.shutdownNow();
      }
    }
    assertThat(seen).hasSize(6 * slices);
  }

  @Example
  void the_same_specification_and_key_give_the_same_slices() throws ObjectStoreException {
    try (SlicePool one = new SlicePool(SPEC.withCompression(2));
        SlicePool same = new SlicePool(SPEC.withCompression(2))) {
      assertThat(copies(one, 3_000, 700)).isEqualTo(copies(same, 3_000, 700));
    }
  }

  /** Slices of the second half of a block would all be repeats. */
  @Property(tries = 30)
  void each_slice_alone_is_compressible(@ForAll("blocks") int size) throws Exception {
    try (SlicePool pool = new SlicePool(SPEC.withCompression(2))) {
      for (int i = 0; i < 40; i++) {
        try (BytesView slice = pool.nextSlice(size)) {
          double ratio = (double) size / repeatsRemoved(slice.toByteArray());
          // Whole pages are as told; the last one may be cut.
          assertThat(ratio).as("slice of %d bytes", size).isBetween(1.5, 2.5);
        }
      }
    }
  }

  @Provide
  Arbitrary<Integer> blocks() {
    return Arbitraries.integers().between(512, 70_000);
  }

  /** Bytes that are not those of a period before: what every compressor has to keep. */
  private static int repeatsRemoved(byte[] bytes) {
    int kept = Math.min(Tail.PERIOD, bytes.length);
    for (int i = Tail.PERIOD; i < bytes.length; i++) {
      kept += bytes[i] == bytes[i - Tail.PERIOD] ? 0 : 1;
    }
    return kept;
  }

  @Property(tries = 20)
  void as_many_slices_are_copies_as_the_dedup_ratio_says(
      @ForAll("dedupSizes") int size, @ForAll("ratios") double ratio) throws Exception {
    int blocks = 0;
    Set<ByteBuffer> different = new HashSet<>();
    int block = Math.min(4096, Integer.highestOneBit(size));
    try (SlicePool pool = new SlicePool(SPEC.withDedup(ratio))) {
      for (int i = 0; i < 4_000; i++) {
        try (BytesView slice = pool.nextSlice(size)) {
          byte[] bytes = slice.toByteArray();
          for (int at = 0; at + block <= size; at += block) {
            blocks++;
            different.add(ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, at + 32)));
          }
        }
      }
    }
    assertThat((double) blocks / different.size()).isCloseTo(ratio, within(ratio * 0.03));
  }

  @Provide
  Arbitrary<Integer> dedupSizes() {
    return Arbitraries.of(512, 1024, 2048, 4096, 12_288);
  }

  @Provide
  Arbitrary<Double> ratios() {
    return Arbitraries.of(1.5, 2.0, 3.7);
  }

  @Example
  void a_slice_stays_as_it_is_until_it_is_closed() throws ObjectStoreException {
    BufferPool memory = BufferPool.ofLimit(16L * MIB);
    Random random = new Random(1);
    try (SlicePool pool = new SlicePool(SPEC, "k", memory)) {
      BytesView kept = pool.nextSlice(5000);
      BytesView part = kept.slice(1000, 2000);
      final byte[] before = kept.toByteArray();
      for (int i = 0; i < 2_000; i++) {
        pool.nextSlice(1 + random.nextInt(100_000)).close();
      }
      assertThat(kept.toByteArray()).isEqualTo(before);
      kept.close();
      kept.close();
      for (int i = 0; i < 2_000; i++) {
        pool.nextSlice(1 + random.nextInt(100_000)).close();
      }
      assertThat(part.toByteArray()).isEqualTo(Arrays.copyOfRange(before, 1000, 3000));
      part.close();
      assertThat(memory.used()).as("the chunk in use").isEqualTo(memory.cost(MIB));
    }
    assertThat(memory.used()).isZero();
  }

  @Example
  void a_slice_outlives_its_pool() throws ObjectStoreException {
    BufferPool memory = BufferPool.ofLimit(16L * MIB);
    SlicePool pool = new SlicePool(SPEC, "k", memory);
    BytesView slice = pool.nextSlice(100);
    byte[] before = slice.toByteArray();
    pool.close();
    pool.close();
    assertThat(slice.toByteArray()).isEqualTo(before);
    assertThat(memory.used()).isPositive();
    slice.close();
    assertThat(memory.used()).isZero();
    assertThatThrownBy(() -> pool.nextSlice(1)).isInstanceOf(IllegalStateException.class);
  }

  @Example
  void whoever_waits_can_be_interrupted_and_then_it_goes_on() throws Exception {
    BufferPool memory = BufferPool.ofLimit(SlicePool.CHUNK_SIZE + BufferPool.ALIGNMENT);
    Lease all = memory.acquire(SlicePool.CHUNK_SIZE, "test", Duration.ZERO);
    try (SlicePool pool = new SlicePool(SPEC, "k", memory)) {
      Caller forMemory = new Caller(pool);
      Caller forTheOther = new Caller(pool);
      forTheOther.interrupt();
      assertThat(forTheOther.failure())
          .hasMessage("nextSlice: interrupted while another thread makes slices");
      forMemory.interrupt();
      assertThat(forMemory.failure()).hasMessageContaining("interrupted while waiting for memory");
      all.close();
      try (BytesView slice = pool.nextSlice(16)) {
        GeneratedObject object = SPEC.object("k", 16);
        assertThat(slice.toByteArray()).isEqualTo(GeneratedObjectProperties.read(object, 0, 16));
      }
    } finally {
      all.close();
    }
  }

  /** A thread that wants a slice, and waits. */
  private static final class Caller extends Thread {

    private final CompletableFuture<BytesView> slice = new CompletableFuture<>();
    private final SlicePool pool;

    Caller(SlicePool pool) {
      this.pool = pool;
      setDaemon(true);
      start();
      while (getState() != State.TIMED_WAITING && !slice.isDone()) {
        onSpinWait();
      }
    }

    @Override
    public void run() {
      try {
        slice.complete(pool.nextSlice(100));
      } catch (ObjectStoreException | RuntimeException e) {
        slice.completeExceptionally(e);
      }
    }

    ObjectStoreException failure() throws Exception {
      try (BytesView none = slice.get(30, TimeUnit.SECONDS)) {
        throw new AssertionError("it did not fail: " + none);
      } catch (ExecutionException e) {
        ObjectStoreException failure = (ObjectStoreException) e.getCause();
        assertThat(failure.kind()).isEqualTo(ObjectStoreException.Kind.CANCELLED);
        return failure;
      }
    }
  }

  @Example
  void what_makes_no_sense_is_refused() throws ObjectStoreException {
    try (SlicePool pool = new SlicePool(SPEC)) {
      for (int size : new int[] {0, -1, Integer.MIN_VALUE, SlicePool.MAX_SLICE + 1}) {
        assertThatThrownBy(() -> pool.nextSlice(size))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("must be 1 to 262,144");
      }
      BytesView slice = pool.nextSlice(10);
      assertThatThrownBy(() -> slice.slice(5, 6)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(slice.asByteBuffer().isReadOnly()).isTrue();
      slice.close();
      assertThatThrownBy(slice::asByteBuffer).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(slice::share).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(slice::size).isInstanceOf(IllegalStateException.class);
    }
    GeneratorSpec shared = SPEC.withDedup(2).withDedupScope(DedupScope.dataSet(2, 1000));
    assertThatThrownBy(() -> new SlicePool(shared)).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<ByteBuffer> copies(SlicePool pool, int slices, int size)
      throws ObjectStoreException {
    List<ByteBuffer> copies = new ArrayList<>();
    for (int i = 0; i < slices; i++) {
      try (BytesView slice = pool.nextSlice(size)) {
        copies.add(copy(slice.asByteBuffer()));
      }
    }
    return copies;
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
  }
}
