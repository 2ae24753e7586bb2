package io.s3dlio.layer;

import static io.s3dlio.layer.HeldBackend.HERE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.StoreBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Never more than allowed at a time, in order, and no turn is lost whatever becomes of requests.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConcurrencyLimitTest {

  private final HeldBackend below = new HeldBackend();
  private final ConcurrencyLimit limit = new ConcurrencyLimit(1);
  private final StoreBackend backend = limit.over(below);

  ConcurrencyLimitTest() throws Exception {}

  private static ObjectUri uri(String key) {
    return HERE.withKey(key);
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private static ObjectStoreException failure(CompletableFuture<?> future) throws Exception {
    try {
      await(future);
    } catch (ExecutionException e) {
      return (ObjectStoreException) e.getCause();
    }
    throw new AssertionError("there was no error");
  }

  @Test
  void theOthersWaitInOrder() throws Exception {
    List<CompletableFuture<ObjectMeta>> heads = new ArrayList<>();
    for (String key : List.of("a", "b", "c")) {
      heads.add(backend.head(uri(key)));
    }
    assertThat(below.asked()).containsExactly("head a");
    assertThat(limit.waiting()).isEqualTo(2);
    for (int i = 1; i <= 3; i++) {
      assertThat(below.asked()).hasSize(i);
      below.awaitRequest(i).release();
      assertThat(failure(heads.get(i - 1)).kind()).isEqualTo(Kind.NOT_FOUND);
      if (i < 3) {
        below.awaitRequest(i + 1);
      }
    }
    assertThat(below.asked()).containsExactly("head a", "head b", "head c");
    backend.head(uri("d"));
    assertThat(below.asked()).as("the turn is there again").contains("head d");
  }

  @Test
  void whoGivesUpLeavesTheQueue() throws Exception {
    CompletableFuture<?> first = backend.head(uri("a"));
    CompletableFuture<?> second = backend.head(uri("b"));
    CompletableFuture<?> third = backend.head(uri("c"));
    assertThat(second.cancel(true)).isTrue();
    assertThat(limit.waiting()).isEqualTo(1);
    first.cancel(true);
    below.awaitRequest(2);
    assertThat(below.asked()).containsExactly("head a", "head c");
    assertThat(below.awaitRequest(1).future().isCancelled()).isTrue();
    assertThatThrownBy(() -> await(second)).isInstanceOf(CancellationException.class);
    below.awaitRequest(2).release();
    assertThat(failure(third).kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void closingEndsWhoWaitsHereAndNobodyElse() throws Exception {
    StoreBackend other = limit.over(below);
    CompletableFuture<?> running = backend.head(uri("a"));
    CompletableFuture<?> waiting = backend.head(uri("b"));
    CompletableFuture<?> elsewhere = other.head(uri("c"));
    backend.close();
    ObjectStoreException e = failure(waiting);
    assertThat(e.kind()).isEqualTo(Kind.CANCELLED);
    assertThat(e).hasMessage("head memory://held/b: the store was closed");
    assertThat(running).isNotDone();
    assertThat(elsewhere).isNotDone();
    below.awaitRequest(1).release();
    below.awaitRequest(2).release();
    assertThat(failure(elsewhere).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(below.asked()).containsExactly("head a", "head c");
  }

  @Test
  void whoWaitsTooLongIsToldWhy() throws Exception {
    ConcurrencyLimit impatient = new ConcurrencyLimit(1, Duration.ofMillis(1));
    StoreBackend over = impatient.over(below);
    CompletableFuture<?> running = over.head(uri("a"));
    ObjectStoreException e = failure(over.head(uri("b")));
    assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(e.uri()).contains(uri("b"));
    assertThat(e).hasMessageContaining("1 requests through at a time");
    assertThat(impatient.waiting()).isZero();
    assertThat(running).isNotDone();
    below.awaitRequest(1).release();
    failure(running);
    over.head(uri("c"));
    assertThat(below.asked()).containsExactly("head a", "head c");
  }

  @Test
  void whatClearsUpGoesFirst() throws Exception {
    CompletableFuture<PartUpload> start = backend.startMultipart(uri("u"), 10, PutOptions.DEFAULT);
    below.awaitRequest(1).release();
    PartUpload upload = await(start);
    backend.head(uri("a"));
    backend.head(uri("b"));
    CompletableFuture<Void> abort = upload.abort();
    assertThat(below.asked()).as("what clears up waits too").hasSize(2);
    below.awaitRequest(2).release();
    below.awaitRequest(3).release();
    await(abort);
    assertThat(below.asked()).startsWith("startMultipart u", "head a", "abort u");
  }

  /** As the contract of a backend has it, however the cancelling and the beginning meet. */
  @Test
  void anUploadThatNobodyTakesIsAborted() throws Exception {
    CompletableFuture<PartUpload> start = backend.startMultipart(uri("u"), 10, PutOptions.DEFAULT);
    HeldBackend.Held<?> held = below.awaitRequest(1);
    // The cancelling comes between the end of the request and that of what the caller holds.
    CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    held.future().whenComplete((upload, e) -> cancelled.complete(start.cancel(true)));
    held.release();
    assertThat(await(cancelled)).isTrue();
    below.awaitRequest(2).release();
    assertThat(below.asked()).containsExactly("startMultipart u", "abort u");
  }

  @Test
  void pagesOfListingsTakeTurnsToo() throws Exception {
    CompletableFuture<?> running = backend.head(uri("a"));
    try (ListCursor cursor = backend.list(HERE, io.s3dlio.ListOptions.ALL)) {
      CompletableFuture<?> page = cursor.next();
      assertThat(page).isNotDone();
      below.awaitRequest(1).release();
      failure(running);
      await(page);
    }
  }

  @Test
  void aBackendThatThrowsGivesItsTurnBack() throws Exception {
    StoreBackend throwing =
        limit.over(
            new ForwardingBackend(below) {
              @Override
              public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
                throw new IllegalStateException("broken");
              }
            });
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> throwing.head(HERE)).isInstanceOf(IllegalStateException.class);
    }
    CompletableFuture<?> running = backend.head(uri("a"));
    CompletableFuture<?> late = throwing.head(uri("b"));
    below.awaitRequest(1).release();
    failure(running);
    assertThatThrownBy(() -> await(late)).hasCauseInstanceOf(IllegalStateException.class);
    backend.head(uri("c"));
    assertThat(below.asked()).contains("head c");
  }

  /** A request that is over, for the count, when it ends or is cancelled. */
  private static final class Counted extends CompletableFuture<ObjectMeta> {
    private final AtomicInteger now;
    private final AtomicBoolean over = new AtomicBoolean();

    Counted(AtomicInteger now) {
      this.now = now;
    }

    void finish() {
      end();
      complete(null);
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      end();
      return super.cancel(mayInterrupt);
    }

    private void end() {
      if (over.compareAndSet(false, true)) {
        now.decrementAndGet();
      }
    }
  }

  /** Many threads, cancelling at random: never more than allowed, and all turns are there again. */
  @Test
  void noTurnIsLostOrMadeUp() throws Exception {
    int most = 3;
    AtomicInteger now = new AtomicInteger();
    AtomicInteger greatest = new AtomicInteger();
    StoreBackend counting =
        new ForwardingBackend(
            ObjectStores.backend(HERE, StoreConfig.defaults(), RequestListener.NONE)) {
          @Override
          public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
            greatest.accumulateAndGet(now.incrementAndGet(), Math::max);
            Counted request = new Counted(now);
            CompletableFuture.runAsync(request::finish);
            return request;
          }
        };
    ConcurrencyLimit three = new ConcurrencyLimit(most);
    StoreBackend over = three.over(counting);
    List<Thread> threads = new ArrayList<>();
    AtomicInteger unfinished = new AtomicInteger();
    for (int t = 0; t < 8; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 2000; i++) {
                  CompletableFuture<ObjectMeta> head = over.head(HERE);
                  if (ThreadLocalRandom.current().nextInt(3) == 0) {
                    head.cancel(true);
                  }
                  try {
                    head.get(60, TimeUnit.SECONDS);
                  } catch (CancellationException e) {
                    continue;
                  } catch (Exception e) {
                    unfinished.incrementAndGet();
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(unfinished).hasValue(0);
    assertThat(greatest).hasValue(most);
    assertThat(three.waiting()).isZero();
    List<CompletableFuture<?>> all = new ArrayList<>();
    StoreBackend last = three.over(below);
    for (int i = 0; i < most + 2; i++) {
      all.add(last.head(uri("last")));
    }
    below.awaitRequest(most);
    assertThat(below.asked()).as("turns that are there").hasSize(most);
    assertThat(all).noneMatch(CompletableFuture::isDone);
  }
}
