package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.await;
import static io.s3dlio.testkit.Fixture.bytes;
import static io.s3dlio.testkit.Fixture.failure;
import static io.s3dlio.testkit.Fixture.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.AsyncObjectStore;
import io.s3dlio.ByteSinks;
import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestEvent;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.StoreFacts.Fact;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers and writers at a time, the async view, interrupts, cancelling, closing, listening. */
interface ConcurrencyContract extends Fixture {

  private ObjectStore oneByOne() throws ObjectStoreException {
    return another(c -> c.with(StoreConfig.MAX_CONCURRENCY, "1"), RequestListener.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, LARGE})
  default void readersSeeTheOldOrTheNewObject(int size) throws Exception {
    put("o", filled(size, 0));
    AtomicBoolean done = new AtomicBoolean();
    List<CompletableFuture<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(
          CompletableFuture.supplyAsync(
              () -> {
                int whole = 0;
                while (!done.get() || whole == 0) {
                  whole += readOnce(size) ? 1 : 0;
                }
                return whole;
              }));
    }
    try {
      for (int round = 1; round <= 30; round++) {
        put("o", filled(size, round));
      }
    } finally {
      done.set(true);
    }
    for (CompletableFuture<Integer> reader : readers) {
      assertThat(await(reader)).isPositive();
    }
  }

  private static byte[] filled(int size, int round) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) round);
    return bytes;
  }

  /**
   * Whether the read succeeded; that it fails because the object was replaced is allowed, and where
   * the server mixes two objects, that it is noticed.
   */
  private boolean readOnce(int size) {
    try (BytesView view = store().get(uri("o"))) {
      byte[] read = view.toByteArray();
      assertThat(read).hasSize(size).containsOnly(read[0]);
      return true;
    } catch (ObjectStoreException e) {
      boolean mixed = e.kind() == Kind.CHECKSUM_MISMATCH && !facts().has(Fact.ATOMIC_PUTS);
      if (mixed || e.kind() == Kind.PRECONDITION_FAILED) {
        return false;
      }
      throw new CompletionException(e);
    }
  }

  @Test
  default void asyncDoesAllThatBlockingDoes() throws Exception {
    AsyncObjectStore async = store().async();
    byte[] content = bytes(LARGE, 1);
    String etag =
        await(async.put(uri("o"), source(content), PutOptions.DEFAULT)).etag().orElseThrow();
    assertThat(await(async.head(uri("o"))).etag()).contains(etag);
    try (BytesView view = await(async.get(uri("o")))) {
      assertThat(view.toByteArray()).isEqualTo(content);
    }
    await(async.get(uri("o"), GetOptions.DEFAULT.withIfMatch(etag))).close();
    ByteBuffer memory = ByteBuffer.allocate(LARGE);
    assertThat(await(async.readInto(uri("o"), 0, memory))).isEqualTo(LARGE);
    assertThat(memory.array()).isEqualTo(content);
    ByteBuffer sink = ByteBuffer.allocate(LARGE);
    await(async.get(uri("o"), ByteSinks.of(sink), GetOptions.DEFAULT));
    assertThat(sink.array()).isEqualTo(content);
    await(async.copy(uri("o"), uri("o2")));
    await(async.deleteAll(List.of(uri("o"))));
    assertThat(list("")).containsExactly("o2");
    assertFails(Kind.NOT_FOUND, uri("o"), () -> await(async.head(uri("o"))));
    assertFails(Kind.INVALID, here().withKey(""), () -> await(async.head(here().withKey(""))));
  }

  @Test
  default void operationsThatNeedEachOthersThreadsDoNotBlock() throws Exception {
    ObjectStore narrow =
        another(c -> c.with(StoreConfig.MAX_CONCURRENCY, "2"), RequestListener.NONE);
    byte[] content = bytes(LARGE, 2);
    put("o", content);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ObjectUri copy = uri("copy" + i);
      all.add(
          narrow
              .async()
              .put(copy, narrow.source(uri("o")), PutOptions.DEFAULT)
              .thenCompose(put -> narrow.async().get(copy))
              .thenAccept(
                  view -> {
                    try (view) {
                      assertThat(view.toByteArray()).isEqualTo(content);
                    }
                  }));
    }
    for (CompletableFuture<Void> one : all) {
      await(one);
    }
  }

  @Test
  default void anInterruptedThreadDoesNothing() throws Exception {
    put("o", bytes(10, 1));
    Thread.currentThread().interrupt();
    try {
      assertFails(Kind.CANCELLED, uri("o"), () -> store().get(uri("o")).close());
      assertFails(Kind.CANCELLED, uri("o"), () -> store().head(uri("o")));
      assertFails(Kind.CANCELLED, uri("o"), () -> store().exists(uri("o")));
      assertFails(Kind.CANCELLED, uri("o"), () -> store().delete(uri("o")));
      assertFails(Kind.CANCELLED, uri("new"), () -> put("new", bytes(10, 1)));
      assertFails(Kind.CANCELLED, uri("new"), () -> put("new", bytes(LARGE, 1)));
      assertFails(Kind.CANCELLED, uri("o"), () -> store().copy(uri("o"), uri("new")));
    } finally {
      assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }
    assertThat(list("")).containsExactly("o");
  }

  @Test
  default void anInterruptEndsAReadBetweenParts() throws Exception {
    put("o", bytes(LARGE, 1));
    ObjectStore store = oneByOne();
    Thread caller = Thread.currentThread();
    GetOptions options = GetOptions.DEFAULT.withProgress(n -> caller.interrupt());
    assertFails(Kind.CANCELLED, uri("o"), () -> store.get(uri("o"), options).close());
    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertThat(store.pool().used()).isZero();
    store.get(uri("o")).close();
  }

  @Test
  default void anInterruptEndsAPutAndLeavesNothing() throws Exception {
    ObjectStore store = oneByOne();
    Thread caller = Thread.currentThread();
    PutOptions options = PutOptions.DEFAULT.withProgress(n -> caller.interrupt());
    assertFails(
        Kind.CANCELLED,
        uri("o"),
        () -> store.put(uri("o"), source(bytes(severalParts(), 1)), options));
    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertThat(list("")).isEmpty();
    assertThat(leftNow()).isEmpty();
  }

  @Test
  default void aCancelledFutureGivesUp() throws Exception {
    put("o", bytes(LARGE, 1));
    ObjectStore store = oneByOne();
    AtomicReference<CompletableFuture<?>> future = new AtomicReference<>();
    CompletableFuture<Void> known = new CompletableFuture<>();
    GetOptions options =
        GetOptions.DEFAULT.withProgress(
            n -> {
              known.join();
              future.get().cancel(true);
            });
    future.set(store.async().get(uri("o"), options));
    known.complete(null);
    assertThatThrownBy(() -> await(future.get())).isInstanceOf(CancellationException.class);
    // There is one thread: when it does the next operation it has done with the cancelled one.
    await(store.async().head(uri("o")));
    assertThat(store.pool().used()).isZero();
  }

  @Test
  default void aFutureCancelledInTheQueueDoesNothing() throws Exception {
    ObjectStore store = oneByOne();
    CompletableFuture<Void> go = new CompletableFuture<>();
    PutOptions waiting = PutOptions.DEFAULT.withProgress(n -> go.join());
    CompletableFuture<?> first = store.async().put(uri("first"), source(bytes(9, 1)), waiting);
    CompletableFuture<?> second =
        store.async().put(uri("second"), source(bytes(9, 1)), PutOptions.DEFAULT);
    second.cancel(true);
    go.complete(null);
    await(first);
    await(store.async().head(uri("first")));
    assertThat(list("")).containsExactly("first");
  }

  @Test
  default void aClosedStoreSaysSo() throws Exception {
    put("o", bytes(LARGE, 1));
    ObjectStore closed = another(c -> c, RequestListener.NONE);
    closed.head(uri("o"));
    closed.close();
    closed.close();
    ObjectUri o = uri("o");
    assertClosed(o, () -> closed.get(o).close());
    assertClosed(o, () -> closed.readInto(o, 0, ByteBuffer.allocate(1)));
    assertClosed(o, () -> closed.head(o));
    assertClosed(o, () -> closed.exists(o));
    assertClosed(o, () -> closed.put(o, ByteBuffer.allocate(1)));
    assertClosed(o, () -> closed.put(o, ByteBuffer.allocate(LARGE)));
    assertClosed(o, () -> closed.multipart(o, PART, PutOptions.DEFAULT).close());
    assertClosed(o, () -> closed.delete(o));
    assertClosed(o, () -> closed.copy(o, uri("o2")));
    assertClosed(here(), () -> closed.list(here()).findFirst());
    assertClosed(here(), () -> closed.deletePrefix(here()));
    assertClosed(o, () -> await(closed.async().get(o)).close());
    assertClosed(o, () -> await(closed.async().head(o)));
    assertThat(failure(() -> closed.deleteAll(List.of(o)))).hasMessageContaining("closed");
    assertThat(list("")).containsExactly("o");
  }

  private static void assertClosed(
      ObjectUri uri, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThat(assertFails(Kind.INVALID, uri, call)).hasMessageContaining("closed");
  }

  @Test
  default void closingEndsWhatWaits() throws Exception {
    ObjectStore store = oneByOne();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    CompletableFuture<Void> go = new CompletableFuture<>();
    PutOptions waiting =
        PutOptions.DEFAULT.withProgress(
            n -> {
              begun.complete(null);
              go.join();
            });
    CompletableFuture<?> running = store.async().put(uri("a"), source(bytes(9, 1)), waiting);
    CompletableFuture<?> queued = store.async().head(uri("a"));
    await(begun);
    store.close();
    assertThat(failure(() -> await(queued))).hasMessageContaining("closed");
    go.complete(null);
    await(running.handle((result, failure) -> null));
  }

  @Test
  default void everyRequestIsHeardOf() throws Exception {
    Queue<RequestEvent> heard = new ConcurrentLinkedQueue<>();
    ObjectStore store = another(c -> c, heard::add);
    store.put(uri("o"), source(bytes(LARGE, 1)), PutOptions.DEFAULT);
    assertThat(heard).allSatisfy(e -> assertThat(e.uri()).isEqualTo(uri("o")));
    assertThat(heard.stream().mapToLong(RequestEvent::bytes).sum()).isEqualTo(LARGE);
    heard.clear();
    store.get(uri("o")).close();
    assertThat(heard).hasSizeGreaterThan(1);
    assertThat(heard.stream().mapToLong(RequestEvent::bytes).sum()).isEqualTo(LARGE);
    assertThat(heard).allSatisfy(ConcurrencyContract::assertSound);
    assertThat(heard).allSatisfy(e -> assertThat(e.operation()).isEqualTo("get"));
    assertThat(heard).extracting(RequestEvent::offset).contains(-1L, (long) PART, 4L * PART);
    heard.clear();
    assertThat(store.exists(uri("missing"))).isFalse();
    assertThat(heard).hasSize(1);
    assertThat(heard.element().error()).contains(Kind.NOT_FOUND);
    assertThat(heard.element().operation()).isEqualTo("head");
    heard.clear();
    assertThat(store.list(here())).isNotEmpty();
    store.delete(uri("o"));
    assertThat(heard).extracting(RequestEvent::operation).contains("list", "delete");
    assertThat(heard).allSatisfy(ConcurrencyContract::assertSound);
  }

  private static void assertSound(RequestEvent event) {
    assertThat(event.operation()).isNotEmpty();
    assertThat(event.endpoint()).isNotEmpty();
    assertThat(event.attempt()).isEqualTo(1);
    assertThat(event.error()).isEmpty();
    assertThat(event.firstByteNanos() - event.startNanos()).isNotNegative();
    assertThat(event.endNanos() - event.firstByteNanos()).isNotNegative();
  }
}
