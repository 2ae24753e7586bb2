package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks on the calling thread and on helpers. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ParallelTest {

  private final ExecutorService helpers = Executors.newFixedThreadPool(3);

  @AfterEach
  void stop() {
    helpers.shutdownNow();
  }

  @Test
  void everyTaskRunsOnce() throws Exception {
    for (int count : new int[] {0, 1, 2, 3, 100}) {
      List<Integer> done = Collections.synchronizedList(new ArrayList<>());
      Parallel.run(
          helpers, Scope.NONE, Math.min(count, 4), count, (index, scope) -> done.add(index));
      assertThat(done).hasSize(count).doesNotHaveDuplicates();
    }
  }

  @Test
  void asManyRunAtATimeAsTheWidthSays() throws Exception {
    CyclicBarrier four = new CyclicBarrier(4);
    Parallel.run(helpers, Scope.NONE, 4, 8, (index, scope) -> meet(four));
    AtomicInteger now = new AtomicInteger();
    List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
    Parallel.run(
        helpers,
        Scope.NONE,
        2,
        100,
        (index, scope) -> {
          seen.add(now.incrementAndGet());
          now.decrementAndGet();
        });
    assertThat(seen).hasSize(100).allMatch(n -> n <= 2);
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void withoutHelpersTheCallerDoesAll() throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Executor never = task -> {};
    Parallel.run(never, Scope.NONE, 4, 10, (index, scope) -> threads.add(Thread.currentThread()));
    assertThat(threads).containsExactly(Thread.currentThread());
    Executor closed =
        task -> {
          throw new RejectedExecutionException();
        };
    AtomicInteger done = new AtomicInteger();
    Parallel.run(closed, Scope.NONE, 4, 10, (index, scope) -> done.incrementAndGet());
    assertThat(done).hasValue(10);
  }

  @Test
  void tasksThatRunTasksOnTheSameHelpersCannotBlock() throws Exception {
    AtomicInteger done = new AtomicInteger();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(CompletableFuture.runAsync(() -> nest(3, done), helpers));
    }
    for (CompletableFuture<Void> one : all) {
      one.get(30, TimeUnit.SECONDS);
    }
    assertThat(done).hasValue(10 * 4 * 4 * 4);
  }

  private void nest(int depth, AtomicInteger done) {
    if (depth == 0) {
      done.incrementAndGet();
      return;
    }
    try {
      Parallel.run(helpers, Scope.NONE, 4, 4, (index, scope) -> nest(depth - 1, done));
    } catch (ObjectStoreException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theFirstFailureIsThrownAndNothingNewBegins() {
    AtomicInteger begun = new AtomicInteger();
    ObjectStoreException why = new ObjectStoreException(Kind.UNKNOWN, "x", null, "why", null);
    assertThatThrownBy(
            () ->
                Parallel.run(
                    task -> {},
                    Scope.NONE,
                    4,
                    10,
                    (index, scope) -> {
                      begun.incrementAndGet();
                      if (index == 3) {
                        throw why;
                      }
                    }))
        .isSameAs(why);
    assertThat(begun).hasValue(4);
  }

  @Test
  void aFailureGivesUpRequestsAndWaitsForTheTasksThatMakeThem() {
    CompletableFuture<Void> request = new CompletableFuture<>();
    CountDownLatch entered = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    IllegalStateException why = new IllegalStateException();
    assertThatThrownBy(
            () ->
                Parallel.run(
                    helpers,
                    Scope.NONE,
                    2,
                    2,
                    (index, scope) -> {
                      if (index == 1) {
                        awaitLatch(entered);
                        throw why;
                      }
                      scope.enter(request);
                      entered.countDown();
                      request.handle((result, cancelled) -> null).join();
                      ended.incrementAndGet();
                    }))
        .isSameAs(why);
    assertThat(request).isCancelled();
    assertThat(ended).hasValue(1);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRequestThatBeginsAfterTheFailureIsGivenUpToo() {
    CompletableFuture<Void> late = new CompletableFuture<>();
    Scope scope = new Scope();
    scope.cancel();
    scope.enter(late);
    assertThat(late).isCancelled();
  }

  @Test
  void errorsAreThrownAsTheyAre() {
    StackOverflowError why = new StackOverflowError();
    assertThatThrownBy(
            () ->
                Parallel.run(
                    helpers,
                    Scope.NONE,
                    4,
                    4,
                    (index, scope) -> {
                      throw why;
                    }))
        .isSameAs(why);
  }

  @Test
  void anInterruptWhileWaitingForHelpersGivesUpTheirRequests() throws Exception {
    CompletableFuture<Void> request = new CompletableFuture<>();
    Thread caller = Thread.currentThread();
    CountDownLatch helperHasIt = new CountDownLatch(1);
    Parallel.run(
        helpers,
        Scope.NONE,
        2,
        2,
        (index, scope) -> {
          if (Thread.currentThread() == caller) {
            while (helperHasIt.getCount() > 0) {
              Thread.onSpinWait(); // a wait that the interrupt does not end
            }
            return;
          }
          scope.enter(request);
          helperHasIt.countDown();
          caller.interrupt();
          request.handle((result, cancelled) -> null).join();
        });
    assertThat(request).isCancelled();
    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
  }
}
