package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.s3dlio.platform.SystemInfo;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorPoolTest {

  private static final int LENGTH = (5 << 20) + 77;
  private static final long OFFSET = 123_457;
  private static final GeneratedObject OBJECT = GeneratorSpec.of(3).object("pool", OFFSET + LENGTH);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void any_number_of_threads_gives_what_reading_gives(int threads) {
    ByteBuffer dst = ByteBuffer.allocateDirect(LENGTH + 20);
    try (GeneratorPool pool = new GeneratorPool(threads)) {
      assertThat(pool.threads()).isEqualTo(threads);
      pool.fill(OBJECT, OFFSET, dst.position(10).limit(10 + LENGTH));
    }
    assertThat(dst.position()).isEqualTo(dst.limit());
    assertThat(dst.position(10)).isEqualTo(read());
  }

  @Test
  void callers_share_the_threads() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(4);
    try (GeneratorPool pool = new GeneratorPool(2)) {
      List<Future<ByteBuffer>> fills = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        fills.add(
            callers.submit(
                () -> {
                  ByteBuffer dst = ByteBuffer.allocate(LENGTH);
                  pool.fill(OBJECT, OFFSET, dst);
                  return dst.flip();
                }));
      }
      ByteBuffer expected = read();
      for (Future<ByteBuffer> fill : fills) {
        assertThat(fill.get(1, TimeUnit.MINUTES)).isEqualTo(expected);
      }
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void an_interrupt_neither_ends_a_fill_nor_is_lost() {
    ByteBuffer dst = ByteBuffer.allocate(LENGTH);
    try (GeneratorPool pool = new GeneratorPool(2)) {
      Thread.currentThread().interrupt();
      pool.fill(OBJECT, OFFSET, dst);
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(dst.flip()).isEqualTo(read());
  }

  @Test
  void a_large_fill_costs_its_caller_next_to_no_memory() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ByteBuffer dst = ByteBuffer.allocateDirect(64 << 20);
    GeneratedObject object = GeneratorSpec.of(3).object("pool", dst.capacity());
    try (GeneratorPool pool = new GeneratorPool(2)) {
      pool.fill(object, 0, dst.clear());
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int i = 0; i < 20; i++) {
        pool.fill(object, 0, dst.clear());
      }
      long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      assertThat((after - before) / 20).isLessThan(1500);
    }
  }

  @Test
  void half_of_the_cpus_by_default_and_never_none() {
    try (GeneratorPool pool = new GeneratorPool()) {
      assertThat(pool.threads()).isEqualTo(Math.max(1, SystemInfo.current().usableCpus() / 2));
    }
  }

  @Test
  void what_makes_no_sense_is_refused() {
    assertThatThrownBy(() -> new GeneratorPool(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GeneratorPool(10_000))
        .isInstanceOf(IllegalArgumentException.class);
    GeneratorPool pool = new GeneratorPool(2);
    assertThatThrownBy(() -> pool.fill(OBJECT, OFFSET + 1, ByteBuffer.allocate(LENGTH)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> pool.fill(OBJECT, 0, ByteBuffer.allocate(9).asReadOnlyBuffer()))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> pool.allocate(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pool.allocate(Integer.MAX_VALUE))
        .hasMessage("a buffer of 2147483647 bytes: must be 0 to 2143289343");
    pool.close();
    pool.close();
    assertThatThrownBy(() -> pool.allocate(1)).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> pool.fill(OBJECT, OFFSET, ByteBuffer.allocate(LENGTH)))
        .isInstanceOf(RejectedExecutionException.class);
  }

  private static ByteBuffer read() {
    ByteBuffer expected = ByteBuffer.allocate(LENGTH);
    OBJECT.read(OFFSET, expected);
    return expected.flip();
  }
}
