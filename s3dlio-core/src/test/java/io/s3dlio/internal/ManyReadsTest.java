package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.GetItem;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ManyStream;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.Outcome;
import io.s3dlio.StoreConfig;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many reads over stores that answer on their own threads, out of order, badly or not at all. */
@Timeout(120)
class ManyReadsTest extends EngineFixture {

  private static final int LARGEST = 3 * PART;
  private static final int OBJECTS = 40;

  private final List<Thread> networks = new ArrayList<>();

  @AfterEach
  void stopNetworks() throws Exception {
    for (Thread network : networks) {
      network.interrupt();
      network.join(10_000);
      assertThat(network.isAlive()).isFalse();
    }
  }

  /** Answers on threads of its own, as a network does: several requests at a time, in any order. */
  private class Network extends Memory {
    private final LinkedBlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();

    Network(int threads) {
      for (int i = 0; i < threads; i++) {
        Thread thread = new Thread(new Wire(i), "network-" + i);
        thread.start();
        networks.add(thread);
      }
    }

    private final class Wire implements Runnable {
      private final Random random;

      Wire(int seed) {
        this.random = new Random(seed);
      }

      @Override
      public void run() {
        List<Runnable> here = new ArrayList<>();
        try {
          while (true) {
            here.add(asked.take());
            asked.drainTo(here, 5);
            while (!here.isEmpty()) {
              here.remove(random.nextInt(here.size())).run();
            }
          }
        } catch (InterruptedException e) {
          return; // the end of the test
        }
      }
    }

    @Override
    public CompletableFuture<Void> read(ObjectUri u, ReadRequest request, Receiver receiver) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      asked.add(() -> answer(u, request, receiver, done));
      return done;
    }

    void answer(ObjectUri u, ReadRequest request, Receiver receiver, CompletableFuture<Void> done) {
      memory
          .read(u, request, receiver)
          .whenComplete(
              (nothing, failure) -> {
                if (failure == null) {
                  done.complete(null);
                } else {
                  done.completeExceptionally(failure);
                }
              });
    }
  }

  private ObjectStore over(StoreBackend backend, BufferPool own, String timeout) {
    StoreConfig config =
        StoreConfig.defaults()
            .with(StoreConfig.PART_SIZE, PART + "")
            .with(StoreConfig.MULTIPART_THRESHOLD, PART + "")
            .with(StoreConfig.MEMORY_TIMEOUT, timeout);
    ObjectStore store = ObjectStore.over(backend, Set.of("memory"), config, own);
    stores.add(store);
    return store;
  }

  private ObjectUri object(int i) {
    return bucket.withKey("many/" + i);
  }

  private static int size(int i) {
    return i % 7 == 0 ? LARGEST - i : i % 11 == 0 ? 0 : new Random(i).nextInt(1, PART * 5 / 4);
  }

  private List<ObjectMeta> putObjects(int count) throws Exception {
    List<ObjectMeta> metas = new ArrayList<>();
    ObjectStore store = over(memory);
    for (int i = 0; i < count; i++) {
      store.put(object(i), ByteBuffer.wrap(bytes(size(i))));
      metas.add(store.head(object(i)));
    }
    return metas;
  }

  private static int number(ObjectUri uri) {
    return Integer.parseInt(uri.key().substring("many/".length()));
  }

  private static void assertContent(Outcome<GetResult> outcome) throws Exception {
    assertThat(outcome.get().bytes().toByteArray()).isEqualTo(bytes(size(number(outcome.uri()))));
  }

  /**
   * Memory for what the callers keep, and one object more for each of them: whatever they read, in
   * whatever order the answers come, none waits in vain.
   */
  @ParameterizedTest
  @CsvSource({"1,0,1", "1,0,0", "1,3,2", "2,0,2", "2,2,1", "4,1,3", "4,2,0", "6,0,3"})
  void streamsThatShareMemoryAllComeToTheirEnd(int streams, int keep, int threads)
      throws Exception {
    List<ObjectMeta> metas = putObjects(OBJECTS);
    BufferPool tight = BufferPool.ofLimit((keep + 1L) * streams * new Cost(LARGEST).bytes());
    ObjectStore store = over(threads == 0 ? memory : new Network(threads), tight, "60s");
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int s = 0; s < streams; s++) {
      long seed = 100L * streams + 10L * keep + s;
      all.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  readAll(store, items(metas, new Random(seed)), new Random(seed), keep);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              },
              task -> new Thread(task).start()));
    }
    for (CompletableFuture<Void> one : all) {
      await(one);
    }
    assertThat(tight.used()).isZero();
  }

  private record Cost(long size) {
    long bytes() {
      return BufferPool.ofLimit(1 << 20).cost(size);
    }
  }

  /** Some of known size, some of unknown, some of another than they have, some not there. */
  private List<GetItem> items(List<ObjectMeta> metas, Random random) {
    List<GetItem> items = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      ObjectMeta meta = metas.get(random.nextInt(metas.size()));
      GetItem unknown = GetItem.of(meta.uri());
      items.add(
          switch (random.nextInt(5)) {
            case 0, 1 -> GetItem.of(meta);
            case 2 ->
                new GetItem(
                    meta.uri(), GetOptions.DEFAULT, OptionalLong.of(random.nextInt(LARGEST)));
            case 3 -> i % 10 == 0 ? GetItem.of(bucket.withKey("missing")) : unknown;
            default -> unknown;
          });
    }
    return items;
  }

  private static void readAll(ObjectStore store, List<GetItem> items, Random random, int keep)
      throws Exception {
    ManyOptions options =
        ManyOptions.DEFAULT
            .withConcurrency(random.nextInt(1, 20))
            .withReadAhead(random.nextInt(1, 60));
    List<GetResult> kept = new ArrayList<>();
    int taken = 0;
    try (ManyStream stream = store.streamMany(items, options)) {
      while (stream.hasNext()) {
        Outcome<GetResult> outcome = stream.next();
        assertThat(outcome.index()).isEqualTo(taken);
        assertThat(outcome.uri()).isEqualTo(items.get(taken).uri());
        taken++;
        if (outcome.uri().key().equals("missing")) {
          assertThat(outcome.error().orElseThrow().kind()).isEqualTo(Kind.NOT_FOUND);
          continue;
        }
        kept.add(outcome.get());
        assertContent(outcome);
        if (kept.size() > keep) {
          kept.remove(random.nextInt(kept.size())).close();
        }
      }
    } finally {
      kept.forEach(GetResult::close);
    }
    assertThat(taken).isEqualTo(items.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void allOfManyComeInOrder(int threads) throws Exception {
    List<ObjectMeta> metas = putObjects(OBJECTS);
    ObjectStore store = over(threads == 0 ? memory : new Network(threads));
    List<GetItem> items = items(metas, new Random(threads)).subList(0, 60);
    try (var got = store.getMany(items, ManyOptions.DEFAULT)) {
      assertThat(got.outcomes()).hasSameSizeAs(items);
      for (Outcome<GetResult> outcome : got.outcomes()) {
        assertThat(outcome.uri()).isEqualTo(items.get(outcome.index()).uri());
        if (outcome.error().isEmpty()) {
          assertContent(outcome);
        }
      }
    }
  }

  /** What was given back and read again counts once. */
  @Test
  void progressSumsUpWhereMemoryIsShort() throws Exception {
    List<ObjectMeta> metas = putObjects(OBJECTS);
    BufferPool tight = BufferPool.ofLimit(2 * new Cost(LARGEST).bytes());
    ObjectStore store = over(new Network(3), tight, "60s");
    AtomicLong progress = new AtomicLong();
    GetOptions options = GetOptions.DEFAULT.withProgress(progress::addAndGet);
    long sum = 0;
    List<GetItem> items = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      for (ObjectMeta meta : metas) {
        items.add(GetItem.of(meta.uri()).withOptions(options));
        sum += meta.size();
      }
    }
    readAll(store, items, new Random(1), 0);
    assertThat(progress).hasValue(sum);
  }

  /** The head is answered when the one behind it has memory that it needs. */
  @Test
  void whatTheHeadNeedsIsGivenBackAndReadAgain() throws Exception {
    putObjects(2);
    AtomicInteger answered = new AtomicInteger();
    Network holding =
        new Network(1) {
          private Runnable held = () -> {};

          @Override
          void answer(
              ObjectUri u, ReadRequest request, Receiver receiver, CompletableFuture<Void> done) {
            if (number(u) == 0 && answered.get() == 0) {
              held = () -> super.answer(u, request, receiver, done);
              return;
            }
            boolean first = number(u) == 1 && answered.incrementAndGet() == 1;
            super.answer(u, request, receiver, done);
            if (first) {
              held.run();
            }
          }
        };
    BufferPool own = BufferPool.ofLimit(new Cost(LARGEST).bytes());
    AtomicLong progress = new AtomicLong();
    GetOptions options = GetOptions.DEFAULT.withProgress(progress::addAndGet);
    List<GetItem> items = items(2).stream().map(item -> item.withOptions(options)).toList();
    try (ManyStream stream = over(holding, own, "1s").streamMany(items, ManyOptions.DEFAULT)) {
      for (int i = 0; i < 2; i++) {
        Outcome<GetResult> outcome = stream.next();
        assertContent(outcome);
        outcome.get().close();
      }
    }
    assertThat(answered).as("how often the one behind was read").hasValue(2);
    assertThat(progress).hasValue(size(0) + size(1));
  }

  @Test
  void othersMemoryIsWaitedForAndNamed() throws Exception {
    putObjects(2);
    BufferPool own = BufferPool.ofLimit(new Cost(LARGEST).bytes());
    ObjectStore store = over(new Network(1), own, "1ms");
    List<GetItem> items = List.of(GetItem.of(object(0)), GetItem.of(object(1)));
    try (ManyStream stream = store.streamMany(items, ManyOptions.DEFAULT)) {
      try (Lease others = own.acquire(LARGEST, "someone else", Duration.ofSeconds(1))) {
        assertThat(others.size()).isPositive();
        ObjectStoreException e =
            assertFails(Kind.OUT_OF_RESOURCES, () -> stream.next().get().close());
        assertThat(e).hasMessageContaining("someone else");
        assertFails(Kind.OUT_OF_RESOURCES, () -> store.getMany(items, ManyOptions.DEFAULT).close());
      }
      Outcome<GetResult> second = stream.next();
      assertContent(second);
      second.get().close();
    }
    assertThat(own.used()).isZero();
  }

  /** Answers the request for one object never, the others as they come. */
  private final class Hanging extends Network {
    private final ObjectUri hangs;
    private final CompletableFuture<CompletableFuture<Void>> hung = new CompletableFuture<>();

    Hanging(ObjectUri hangs) {
      super(2);
      this.hangs = hangs;
    }

    @Override
    void answer(ObjectUri u, ReadRequest request, Receiver receiver, CompletableFuture<Void> done) {
      if (u.equals(hangs)) {
        hung.complete(done);
      } else {
        super.answer(u, request, receiver, done);
      }
    }
  }

  private List<GetItem> items(int count) {
    List<GetItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(GetItem.of(object(i)));
    }
    return items;
  }

  @Test
  void whatHangsIsGivenUpInItsTime() throws Exception {
    putObjects(10);
    ObjectStore store = over(new Hanging(object(3)), "request-timeout", "1ms");
    try (ManyStream stream = store.streamMany(items(10), ManyOptions.DEFAULT)) {
      while (stream.hasNext()) {
        Outcome<GetResult> outcome = stream.next();
        if (outcome.index() == 3) {
          assertThat(assertFails(Kind.TIMEOUT, outcome::get))
              .hasMessageContaining("request-timeout");
        } else {
          assertContent(outcome);
          outcome.get().close();
        }
      }
    }
  }

  @Test
  void closingGivesUpWhatIsUnderWay() throws Exception {
    putObjects(10);
    Hanging hanging = new Hanging(object(5));
    ObjectStore store = over(hanging);
    ManyStream stream = store.streamMany(items(10), ManyOptions.DEFAULT);
    try (GetResult first = stream.next().get()) {
      await(hanging.hung);
      stream.close();
      assertThat(await(hanging.hung)).isCancelled();
      assertThat(pool.used()).isEqualTo(pool.cost(first.bytes().size()));
    }
  }

  @Test
  void closingTheStoreEndsTheWait() throws Exception {
    putObjects(3);
    Hanging hanging = new Hanging(object(0));
    ObjectStore store = over(hanging);
    CompletableFuture<Outcome<GetResult>> next = new CompletableFuture<>();
    try (ManyStream stream = store.streamMany(items(1), ManyOptions.DEFAULT)) {
      Thread reader = new Thread(() -> next.complete(stream.next()));
      reader.start();
      await(hanging.hung);
      store.close();
      assertThat(assertFails(Kind.INVALID, () -> await(next).get())).hasMessageContaining("closed");
      reader.join(10_000);
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    putObjects(3);
    Hanging hanging = new Hanging(object(0));
    ObjectStore store = over(hanging);
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                store.getMany(items(3), ManyOptions.DEFAULT).close();
              } catch (ObjectStoreException e) {
                failure.complete(Thread.currentThread().isInterrupted() ? e : null);
              }
            });
    reader.start();
    await(hanging.hung);
    reader.interrupt();
    assertFails(
        Kind.CANCELLED,
        () -> {
          throw await(failure);
        });
    reader.join(10_000);
    assertThat(await(hanging.hung)).isCancelled();
    assertThat(pool.used()).isZero();
  }

  @Test
  void aStoreThatBreaksOffOrLiesIsAnErrorOfTheItem() throws Exception {
    List<ObjectMeta> metas = putObjects(30);
    IOException why = new IOException("cable pulled");
    AtomicInteger calls = new AtomicInteger();
    ObjectStore store =
        over(
            new Network(2) {
              @Override
              void answer(
                  ObjectUri u, ReadRequest request, Receiver receiver, CompletableFuture<Void> d) {
                calls.incrementAndGet();
                switch (number(u) % 4) {
                  case 1 -> d.completeExceptionally(why);
                  case 2 -> d.complete(null); // no answer at all
                  case 3 -> {
                    try {
                      receiver.begin(metas.get(number(u)), 0, 10);
                    } catch (IOException e) {
                      d.completeExceptionally(e);
                    }
                    d.complete(null); // nothing of the 10 bytes
                  }
                  default -> super.answer(u, request, receiver, d);
                }
              }
            });
    try (var got = store.getMany(items(30), ManyOptions.DEFAULT)) {
      for (Outcome<GetResult> outcome : got.outcomes()) {
        switch (number(outcome.uri()) % 4) {
          case 0 -> assertContent(outcome);
          case 1 -> assertThat(assertFails(Kind.UNKNOWN, outcome::get)).hasCause(why);
          default -> assertFails(Kind.UNAVAILABLE, outcome::get);
        }
      }
    }
    assertThat(calls.get()).isGreaterThanOrEqualTo(30);
  }

  /** An object that is larger every time it is asked for ends in an error, not in a loop. */
  @Test
  void anObjectThatNeverHasTheSizeItHadIsAnError() throws Exception {
    AtomicInteger size = new AtomicInteger(8 << 10);
    BufferPool own = BufferPool.ofLimit(4 << 20);
    Queue<Lease> others = new ConcurrentLinkedQueue<>();
    StoreBackend growing =
        new Network(1) {
          @Override
          void answer(
              ObjectUri u, ReadRequest request, Receiver receiver, CompletableFuture<Void> d) {
            try {
              // Others take what is left, so that there is nothing for more than was asked for.
              for (Optional<Lease> one = own.tryAcquire(1, "others");
                  one.isPresent();
                  one = own.tryAcquire(1, "others")) {
                others.add(one.get());
              }
              int now = size.updateAndGet(before -> before * 3 / 2);
              receiver.begin(ObjectMeta.listed(u, now, Instant.EPOCH, Optional.empty()), 0, now);
              d.complete(null);
            } catch (IOException e) {
              d.completeExceptionally(e);
            }
          }
        };
    // They give it back as soon as the item waits for it, and not before.
    BooleanSupplier waiting =
        () -> {
          for (Lease one = others.poll(); one != null; one = others.poll()) {
            one.close();
          }
          return false;
        };
    List<GetItem> items = items(1);
    ObjectStoreException e;
    try (Engine engine = new Engine(growing, StoreConfig.defaults(), own, "test");
        ManyReads reads =
            new ManyReads(
                engine, items, ManyOptions.DEFAULT, new KnownSizes(own, items), waiting)) {
      e = assertFails(Kind.PRECONDITION_FAILED, () -> reads.next().get());
    } finally {
      boolean unused = waiting.getAsBoolean();
    }
    assertThat(e).hasMessageContaining("again and again");
    assertThat(own.used()).isZero();
  }
}
