package io.s3dlio.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSink;
import io.s3dlio.BytesView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PooledViewTest {

  private static final int SLAB = 16 << 10;
  private static final int SIZE = 3 * SLAB + 1000;

  /** Slabs so small that a few kilobytes are in several pieces. */
  private final BufferPool pool = new BufferPool(4 << 20, SLAB);

  private final byte[] content = new byte[SIZE];

  @AfterEach
  void nothingStaysTaken() {
    assertThat(pool.used()).isZero();
  }

  private Lease filled(int size) throws Exception {
    new Random(1).nextBytes(content);
    Lease lease = pool.acquire(size, "test", Duration.ofSeconds(1));
    ByteSink sink = lease.sink();
    for (int at = size; at > 0; ) {
      int n = Math.min(at, 5000);
      at -= n;
      sink.write(at, ByteBuffer.wrap(content, at, n));
    }
    return lease;
  }

  private BytesView view(int size) throws Exception {
    return filled(size).freeze();
  }

  private byte[] expected(int from, int to) {
    return Arrays.copyOfRange(content, from, to);
  }

  @Test
  void writesAcrossPieces() throws Exception {
    try (BytesView view = view(SIZE)) {
      assertThat(view.size()).isEqualTo(SIZE);
      assertThat(view.asByteBuffers()).hasSize(4);
      assertThat(view.toByteArray()).isEqualTo(content);
      assertThatThrownBy(view::asByteBuffer)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("asByteBuffers");
    }
  }

  @Test
  void theSinkKeepsInside() throws Exception {
    try (Lease lease = filled(SIZE)) {
      ByteSink sink = lease.sink();
      assertThatThrownBy(() -> sink.write(SIZE - 1, ByteBuffer.allocate(2)))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> sink.write(SIZE, ByteBuffer.allocate(1)))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> sink.target(SIZE - 1, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(sink.target(SLAB - 1, 2)).as("across pieces").isNull();
      assertThat(sink.target(SLAB - 2, 2).remaining()).isEqualTo(2);
      sink.target(SLAB, 1).put((byte) 99);
      assertThat(lease.buffers().get(1).get(0)).isEqualTo((byte) 99);
    }
  }

  @Test
  void slicesEveryWhere() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    try (BytesView view = view(SIZE)) {
      for (int i = 0; i < 300; i++) {
        int from = random.nextInt(SIZE + 1);
        int to = from + random.nextInt(SIZE - from + 1);
        try (BytesView slice = view.slice(from, to - from)) {
          assertThat(slice.toByteArray()).isEqualTo(expected(from, to));
          int half = (to - from) / 2;
          try (BytesView inner = slice.slice(half, to - from - half)) {
            assertThat(inner.toByteArray()).isEqualTo(expected(from + half, to));
          }
        }
      }
      assertThatThrownBy(() -> view.slice(1, SIZE)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> view.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void memoryGoesBackWithTheLastHandle() throws Exception {
    BytesView view = view(100);
    BytesView slice = view.slice(10, 20);
    BytesView share = slice.share();
    ByteBuffer escaped = view.asByteBuffer();
    for (int twice = 0; twice < 2; twice++) {
      view.close();
      slice.close();
    }
    assertThat(pool.used()).isPositive();
    assertThat(share.toByteArray()).isEqualTo(expected(10, 30));
    assertThat(escaped.get(0)).isEqualTo(content[0]);
    share.close();
    assertThat(pool.used()).isZero();
    assertThat(escaped.get(0)).as("use after close shows").isEqualTo((byte) 0xDB);
  }

  @Test
  void afterCloseOnlyCloseIsAllowed() throws Exception {
    BytesView view = view(100);
    view.close();
    view.close();
    List<Callable<?>> uses =
        List.of(
            view::size,
            view::asByteBuffer,
            view::asByteBuffers,
            view::share,
            () -> view.slice(0, 1),
            view::toByteArray,
            view::asFloatBuffer,
            view::asLongBuffer);
    for (Callable<?> use : uses) {
      assertThatThrownBy(use::call)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
    assertThat(view).asString().contains("100 bytes");
  }

  @Test
  void buffersAreReadOnlyLittleEndianAndIndependent() throws Exception {
    try (BytesView view = view(100)) {
      ByteBuffer one = view.asByteBuffer();
      assertThat(one.isReadOnly()).isTrue();
      assertThat(one.isDirect()).isTrue();
      assertThat(one.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThatThrownBy(() -> one.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
      one.position(50).limit(60);
      assertThat(view.asByteBuffer().remaining()).isEqualTo(100);
      assertThat(view.asByteBuffers().get(0).order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }
    try (BytesView empty = view(0)) {
      assertThat(empty.size()).isZero();
      assertThat(empty.asByteBuffer().isReadOnly()).isTrue();
      assertThat(empty.asByteBuffer().remaining()).isZero();
      assertThat(empty.asByteBuffers()).isEmpty();
      assertThat(empty.toByteArray()).isEmpty();
      assertThat(empty.asFloatBuffer().remaining()).isZero();
    }
  }

  @Test
  void numbersAreViewsOfTheSameMemory() throws Exception {
    Lease lease = filled(30);
    ByteBuffer memory = lease.buffers().get(0).order(ByteOrder.LITTLE_ENDIAN);
    memory.putFloat(4, 1.5f).putLong(8, -2);
    try (BytesView view = lease.freeze()) {
      FloatBuffer floats = view.asFloatBuffer();
      assertThat(floats.remaining()).isEqualTo(7);
      assertThat(floats.get(1)).isEqualTo(1.5f);
      assertThat(floats.isReadOnly()).isTrue();
      LongBuffer longs = view.asLongBuffer();
      assertThat(longs.remaining()).isEqualTo(3);
      assertThat(longs.get(1)).isEqualTo(-2);
      assertThat(longs.isReadOnly()).isTrue();
      assertThat(longs.isDirect()).isTrue();
      // No copy: what is written behind its back shows.
      memory.putFloat(4, 2.5f).putLong(8, 77);
      assertThat(floats.get(1)).isEqualTo(2.5f);
      assertThat(longs.get(1)).isEqualTo(77);
      assertThat(view.asByteBuffer().getFloat(4)).isEqualTo(2.5f);
    }
  }

  @Test
  void sliceAndCloseMayRace() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 300; round++) {
        BytesView view = view(100);
        List<Future<?>> racers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          racers.add(threads.submit(() -> sliceOrFindClosed(view)));
        }
        racers.add(threads.submit(view::close));
        for (Future<?> racer : racers) {
          racer.get(60, TimeUnit.SECONDS);
        }
        assertThat(pool.used()).isZero();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void sliceOrFindClosed(BytesView view) {
    BytesView slice;
    try {
      slice = view.slice(0, 100);
    } catch (IllegalStateException closedBefore) {
      assertThat(closedBefore).hasMessageContaining("closed");
      return;
    }
    assertThat(slice.toByteArray()).isEqualTo(expected(0, 100));
    slice.close();
  }
}
