package io.s3dlio.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JobsTest {

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void allItemsAreWorkedOnOnce() throws IOException {
    Queue<Integer> done = new ConcurrentLinkedQueue<>();
    Jobs.run(7, IntStream.range(0, 1000).iterator(), done::add);
    assertThat(done).hasSize(1000).containsAll(IntStream.range(0, 1000).boxed().toList());
  }

  @Test
  void soManyAtATimeAndNoMore() throws IOException {
    CyclicBarrier together = new CyclicBarrier(5);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Jobs.run(
        5,
        IntStream.range(0, 50).iterator(),
        i -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          try {
            together.await(30, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          now.decrementAndGet();
        });
    assertThat(most).hasValue(5);
  }

  @Test
  void itemsAreTakenOnlyWhenTheirTurnHasCome() throws IOException {
    AtomicInteger taken = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Iterator<Integer> items =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return taken.get() < 100;
          }

          @Override
          public Integer next() {
            // One waits for its turn while three are worked on.
            assertThat(taken.get() - done.get()).isLessThanOrEqualTo(3);
            return taken.incrementAndGet();
          }
        };
    Jobs.run(3, items, i -> done.incrementAndGet());
    assertThat(done).hasValue(100);
  }

  @Test
  void aBrokenJobEndsAll() {
    AtomicInteger begun = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Jobs.run(
                    1,
                    IntStream.range(0, 100_000).iterator(),
                    i -> {
                      begun.incrementAndGet();
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    assertThat(begun.get()).isLessThan(100_000);
  }

  @Test
  void anInterruptIsPassedOnAndNobodyWorksAfterwards() {
    CountDownLatch begun = new CountDownLatch(4);
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    Thread caller = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              await(begun);
              caller.interrupt();
            });
    interrupter.start();
    assertThatThrownBy(
            () ->
                Jobs.run(
                    4,
                    IntStream.range(0, 100).iterator(),
                    i -> {
                      begun.countDown();
                      try {
                        never.await(50, TimeUnit.SECONDS);
                      } catch (InterruptedException e) {
                        interrupted.incrementAndGet();
                      }
                    }))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted).hasValue(4);
  }
}
