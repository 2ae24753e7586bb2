package io.s3dlio.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.datagen.GeneratorSpec;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a measurement when a thread cannot take part. */
@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GenBenchTest {

  private static GenBench bench(Runnable onThread) {
    return new GenBench(GeneratorSpec.of(1), 4096, 1, onThread);
  }

  @Test
  void warmsUpBeforeItMeasuresABufferThatNeedNotEndAtAPage() throws Exception {
    GenBench bench = new GenBench(GeneratorSpec.of(1), 5000, 1, () -> {});
    long begun = System.nanoTime();
    GenBench.Rates rates = bench.run(2);
    assertThat(System.nanoTime() - begun)
        .isGreaterThanOrEqualTo(GenBench.WARM_UP_NANOS + TimeUnit.SECONDS.toNanos(1));
    assertThat(rates.bufferBytes()).isEqualTo(5000);
    assertThat(rates.check()).isPositive();
  }

  @Test
  void oneThatFailsEndsThoseThatHaveNotBegun() throws Exception {
    AtomicInteger came = new AtomicInteger();
    CountDownLatch oneWaits = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Runnable onThread =
        () -> {
          try {
            if (came.getAndIncrement() == 0) {
              oneWaits.countDown();
              never.await();
            }
            oneWaits.await();
          } catch (InterruptedException e) {
            ended.countDown();
            throw new IllegalStateException("interrupted", e);
          }
          throw new OutOfMemoryError("Cannot reserve 4096 bytes of direct buffer memory");
        };
    assertThatThrownBy(() -> bench(onThread).run(2))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("fewer --threads");
    assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void oneThatFailsEndsThoseThatWaitForIt() {
    AtomicInteger came = new AtomicInteger();
    Runnable onThread =
        () -> {
          if (came.getAndIncrement() == 2) {
            throw new IllegalStateException("broken");
          }
        };
    assertThatThrownBy(() -> bench(onThread).run(3))
        .isInstanceOf(CommandException.class)
        .hasMessageContainingAll("the measurement failed", "broken");
  }
}
