package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Making and checking bytes leaves nothing for the garbage collector. */
class AllocationTest {

  private static final int CALLS = 2_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final GeneratedObject OBJECT = GeneratorSpec.of(1).object("k", 1L << 40);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reading_and_checking_allocate_nothing(boolean direct) throws IOException {
    ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(50_001) : ByteBuffer.allocate(50_001);
    CheckingSink sink = new CheckingSink(OBJECT);
    readAndCheck(buffer, sink, 0);
    long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    readAndCheck(buffer, sink, CALLS);
    long after = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    // Not a byte a call: what the virtual machine itself allocates once is not ours.
    assertThat(after - before).isLessThan(CALLS);
    assertThat(sink.result().wrongBytes()).isZero();
    assertThat(sink.result().checkedBytes()).isEqualTo(2L * CALLS * buffer.capacity());
  }

  private static void readAndCheck(ByteBuffer buffer, CheckingSink sink, int from)
      throws IOException {
    for (int call = from; call < from + CALLS; call++) {
      long offset = (long) call * buffer.capacity();
      OBJECT.read(offset, buffer.clear());
      sink.write(offset, buffer.clear());
    }
  }
}
