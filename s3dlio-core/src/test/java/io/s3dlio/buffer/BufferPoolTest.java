package io.s3dlio.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BufferPoolTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  /** What a lease of one byte takes of the budget. */
  private static final long SMALLEST = 2L * BufferPool.ALIGNMENT;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BufferPool pool = BufferPool.ofLimit(8 * SMALLEST);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private interface Work<T> {
    T run() throws Exception;
  }

  private <T> CompletableFuture<T> start(Work<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            result.complete(work.run());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private void awaitWaiting(int number) {
    while (pool.waiting() != number) {
      Thread.onSpinWait();
    }
  }

  private static ObjectStoreException failure(CompletableFuture<?> future) throws Exception {
    try {
      await(future);
      throw new AssertionError("it did not fail");
    } catch (ExecutionException e) {
      return (ObjectStoreException) e.getCause();
    }
  }

  @Test
  void theLargestSizesAreRefusedLikeOthersAboveTheLimit() throws Exception {
    for (long size : new long[] {pool.limit() + 1, 3L << 61, Long.MAX_VALUE}) {
      assertThat(pool.cost(size)).isGreaterThan(pool.limit()).isGreaterThanOrEqualTo(size);
      assertThatThrownBy(() -> pool.acquire(size, "test", LONG))
          .isInstanceOf(ObjectStoreException.class)
          .hasMessageContaining("more than the memory limit of 64KiB");
      assertThat(pool.tryAcquire(size, "test")).isEmpty();
    }
    assertThatThrownBy(() -> pool.tryAcquire(-1, "test"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(pool.used()).isZero();
  }

  @Test
  void theLimitHoldsUnderConcurrency() throws Exception {
    BufferPool busy = BufferPool.ofLimit(1 << 20);
    List<CompletableFuture<Long>> workers = new ArrayList<>();
    for (int w = 0; w < 8; w++) {
      SplittableRandom random = new SplittableRandom(w);
      workers.add(
          start(
              () -> {
                long most = 0;
                for (int i = 0; i < 500; i++) {
                  try (Lease lease = busy.acquire(random.nextInt(200_000), "w", LONG)) {
                    most = Math.max(most, Math.max(busy.used(), busy.idle()));
                    assertThat(lease.size()).isNotNegative();
                  }
                }
                return most;
              }));
    }
    for (CompletableFuture<Long> worker : workers) {
      assertThat(await(worker)).isLessThanOrEqualTo(busy.limit());
    }
    assertThat(busy.used()).isZero();
    assertThat(busy.idle()).isPositive().isLessThanOrEqualTo(busy.limit());
  }

  @Test
  void whoCameFirstIsServedFirst() throws Exception {
    Lease all = pool.acquire(7 * BufferPool.ALIGNMENT, "all", LONG);
    long rest = pool.limit() - pool.used();
    assertThat(rest).isPositive();
    CompletableFuture<Lease> big = start(() -> pool.acquire(rest, "big", LONG));
    awaitWaiting(1);
    CompletableFuture<Lease> small = start(() -> pool.acquire(1, "small", LONG));
    awaitWaiting(2);
    // There is room for the small one, but it came later.
    assertThat(rest).isGreaterThanOrEqualTo(SMALLEST);
    assertThat(pool.tryAcquire(1, "impatient")).isEmpty();
    assertThat(small).isNotDone();
    assertThat(big).isNotDone();
    all.close();
    await(big).close();
    await(small).close();
    assertThat(pool.used()).isZero();
  }

  @Test
  void whatOthersNeedStaysFree() throws Exception {
    assertThat(pool.tryAcquire(1, pool.limit() - SMALLEST + 1, "too much")).isEmpty();
    assertThat(pool.tryAcquire(1, Long.MAX_VALUE, "too much")).isEmpty();
    try (Lease one = pool.tryAcquire(1, pool.limit() - SMALLEST, "one").orElseThrow()) {
      assertThat(pool.tryAcquire(1, pool.limit() - 2 * SMALLEST + 1, "too much")).isEmpty();
      assertThat(one.size()).isEqualTo(1);
    }
    assertThat(pool.used()).isZero();
  }

  @Test
  void whoGivesUpLetsTheNextPass() throws Exception {
    try (Lease half = pool.acquire(4 * BufferPool.ALIGNMENT, "half", LONG)) {
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      CompletableFuture<Lease> big =
          start(
              () -> {
                thread.complete(Thread.currentThread());
                return pool.acquire(12 * BufferPool.ALIGNMENT, "big", LONG);
              });
      awaitWaiting(1);
      CompletableFuture<Lease> small = start(() -> pool.acquire(1, "small", LONG));
      awaitWaiting(2);
      await(thread).interrupt();
      assertThat(failure(big).kind()).isEqualTo(Kind.CANCELLED);
      await(small).close();
      assertThat(half.size()).isPositive();
    }
    assertThat(pool.waiting()).isZero();
  }

  @Test
  void anInterruptIsKept() throws Exception {
    try (Lease all = pool.acquire(14 * BufferPool.ALIGNMENT, "all", LONG)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> pool.acquire(1, "more", LONG))
          .isInstanceOfSatisfying(
              ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(all.size()).isPositive();
    }
  }

  @Test
  void moreThanTheLimitFailsAtOnce() throws Exception {
    assertThatThrownBy(() -> pool.acquire(pool.limit(), "too much", LONG))
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OUT_OF_RESOURCES))
        .hasMessageContaining("memory limit of 64KiB");
    assertThat(pool.tryAcquire(pool.limit(), "too much")).isEmpty();
    assertThat(pool.used()).isZero();
  }

  @Test
  void aTimeOutNamesWhoHoldsWhat() throws Exception {
    try (Lease one = pool.acquire(1, "small fry", LONG);
        Lease two = pool.acquire(4 * BufferPool.ALIGNMENT, "big fish", LONG)) {
      assertThat(one.size() + two.size()).isPositive();
      assertThatThrownBy(() -> pool.acquire(12 * BufferPool.ALIGNMENT, "me", Duration.ofMillis(1)))
          .isInstanceOfSatisfying(
              ObjectStoreException.class,
              e -> assertThat(e.kind()).isEqualTo(Kind.OUT_OF_RESOURCES))
          .hasMessageContaining("28KiB of 64KiB is held, by big fish: 20KiB, small fry: 8KiB")
          .hasMessageContaining("memory-limit");
    }
  }

  @Test
  void sizesAndLimitsAreChecked() throws Exception {
    assertThatThrownBy(() -> pool.acquire(-1, "negative", LONG))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BufferPool.ofLimit(SMALLEST - 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BufferPool.ofLimit(DirectMemory.max() + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("MaxDirectMemorySize");
    assertThat(BufferPool.shared()).isSameAs(BufferPool.shared());
    assertThat(BufferPool.shared().limit()).isEqualTo(DirectMemory.max() / 2);
    try (Lease nothing = pool.acquire(0, "nothing", LONG)) {
      assertThat(nothing.buffers()).isEmpty();
      assertThat(pool.used()).isZero();
    }
  }

  @Test
  void memoryIsUsedAgainAndShowsUseAfterClose() throws Exception {
    Lease first = pool.acquire(100, "first", LONG);
    ByteBuffer escaped = first.buffers().get(0);
    escaped.put(0, (byte) 7);
    first.close();
    assertThat(escaped.get(0)).isEqualTo((byte) 0xDB);
    assertThat(escaped.get(99)).isEqualTo((byte) 0xDB);
    assertThat(pool.idle()).isEqualTo(SMALLEST);
    try (Lease second = pool.acquire(200, "second", LONG)) {
      assertThat(pool.idle()).isZero();
      second.buffers().get(0).put(0, (byte) 8);
      assertThat(escaped.get(0)).as("the same memory").isEqualTo((byte) 8);
    }
  }

  @Test
  void abandonedMemoryIsNotUsedAgain() throws Exception {
    Lease lease = pool.acquire(100, "given up", LONG);
    ByteBuffer escaped = lease.buffers().get(0);
    escaped.put(0, (byte) 7);
    lease.abandon();
    lease.close();
    assertThat(pool.used()).isZero();
    assertThat(pool.idle()).isZero();
    try (Lease next = pool.acquire(100, "next", LONG)) {
      next.buffers().get(0).put(0, (byte) 8);
      assertThat(escaped.get(0)).isEqualTo((byte) 7);
    }
  }

  @Test
  void idleMemoryOfOtherSizesMakesRoom() throws Exception {
    for (int pages = 1; pages <= 4; pages++) {
      pool.acquire((long) pages * BufferPool.ALIGNMENT, "size " + pages, LONG).close();
    }
    assertThat(pool.idle()).isEqualTo(14L * BufferPool.ALIGNMENT);
    long most = 15L * BufferPool.ALIGNMENT;
    try (Lease whole = pool.acquire(12 * BufferPool.ALIGNMENT, "whole", LONG)) {
      assertThat(whole.size()).isPositive();
      assertThat(pool.used() + pool.idle()).isLessThanOrEqualTo(pool.limit());
      assertThat(pool.used()).isLessThanOrEqualTo(most);
    }
    assertThat(pool.used()).isZero();
  }

  @Test
  void everyPieceIsAligned() throws Exception {
    BufferPool pieces = new BufferPool(4 << 20, 256 << 10);
    for (int size : new int[] {1, 4096, 4097, 100_000, 1_000_000}) {
      try (Lease lease = pieces.acquire(size, "aligned", LONG)) {
        long sum = 0;
        for (ByteBuffer piece : lease.buffers()) {
          assertThat(piece.alignmentOffset(0, BufferPool.ALIGNMENT)).isZero();
          assertThat(piece.isDirect()).isTrue();
          assertThat(piece.position()).isZero();
          sum += piece.remaining();
        }
        assertThat(sum).isEqualTo(size);
      }
    }
  }

  @Test
  void closingTwiceIsHarmless() throws Exception {
    Lease lease = pool.acquire(1, "lease", LONG);
    lease.close();
    lease.close();
    Lease frozen = pool.acquire(1, "frozen", LONG);
    BytesView view = frozen.freeze();
    frozen.close();
    assertThat(pool.used()).isEqualTo(SMALLEST);
    assertThatThrownBy(frozen::sink).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(frozen::freeze).isInstanceOf(IllegalStateException.class);
    view.close();
    view.close();
    assertThat(pool.used()).isZero();
  }

  @Test
  void aJvmWithoutDirectMemoryIsAnErrorAndNothingStaysTaken() throws Exception {
    long max = DirectMemory.max();
    BufferPool greedy = BufferPool.ofLimit(max);
    int other = (int) (max / 2);
    ByteBuffer outside = ByteBuffer.allocateDirect(other);
    assertThatThrownBy(() -> greedy.acquire(max / 2 + (64 << 20), "too late", LONG))
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OUT_OF_RESOURCES))
        .hasMessageContaining("-XX:MaxDirectMemorySize")
        .hasCauseInstanceOf(OutOfMemoryError.class);
    assertThat(greedy.used()).isZero();
    assertThat(outside.capacity()).isEqualTo(other);
  }
}
