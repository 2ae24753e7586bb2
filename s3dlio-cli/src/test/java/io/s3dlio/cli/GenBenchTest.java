package io.s3dlio.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.datagen.GeneratorSpec;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a measurement when a thread cannot take part. */
@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GenBenchTest {

  private static GenBench bench(Runnable onThread) {
    return new GenBench(GeneratorSpec.of(1), 4096, 1, onThread);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 4097, 5000, 10_000_000})
  void buffersNeedNotEndAtAPage(int bytes) throws Exception {
    GenBench.Rates rates = new GenBench(GeneratorSpec.of(1), bytes, 0, () -> {}).run(2);
    assertThat(rates.bufferBytes()).isEqualTo(bytes);
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
