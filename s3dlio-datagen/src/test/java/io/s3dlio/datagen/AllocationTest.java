package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.s3dlio.BytesView;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Making and checking bytes leaves nothing for the garbage collector. */
class AllocationTest {

  private static final int CALLS = 2_000;
  private static final int MAX_ROUNDS = 100;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final GeneratedObject OBJECT = GeneratorSpec.of(1).object("k", 1L << 40);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reading_and_checking_allocate_nothing(boolean direct) throws IOException {
    ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(50_001) : ByteBuffer.allocate(50_001);
    CheckingSink sink = new CheckingSink(OBJECT);
    DataGenerator generator = new DataGenerator(OBJECT);
    Work work =
        () -> {
          long offset = generator.position();
          generator.fill(buffer.clear());
          OBJECT.read(offset, buffer.clear());
          sink.write(offset, buffer.clear());
        };
    assertThat(leastAllocatedBy(work, 1)).isZero();
    assertThat(sink.result().wrongBytes()).isZero();
    assertThat(sink.result().checkedBytes()).isEqualTo(generator.position());
  }

  @Test
  void a_slice_costs_a_handle_and_a_buffer() throws IOException {
    try (SlicePool pool = new SlicePool(GeneratorSpec.of(1))) {
      long[] bytes = new long[1];
      Work work =
          () -> {
            try (BytesView slice = pool.nextSlice(512)) {
              bytes[0] += slice.asByteBuffer().remaining();
            }
          };
      // And what each of the few chunks does.
      assertThat(leastAllocatedBy(work, 200)).isLessThan(200);
      assertThat(bytes[0] % (512 * CALLS)).isZero();
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  /**
   * Bytes a call, once it is compiled: of rounds of calls until one allocates less than the bound
   * for each. Not a byte a call is nothing: what the virtual machine itself allocates is not ours.
   */
  private static long leastAllocatedBy(Work work, long bound) throws IOException {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < MAX_ROUNDS && least >= bound; round++) {
      long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int call = 0; call < CALLS; call++) {
        work.run();
      }
      long after = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
      least = Math.min(least, (after - before) / CALLS);
    }
    return least;
  }
}
