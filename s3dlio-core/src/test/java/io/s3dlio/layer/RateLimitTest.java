package io.s3dlio.layer;

import static io.s3dlio.layer.HeldBackend.HERE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSinks;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When requests begin, by a clock that the test turns. */
class RateLimitTest {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  /** A clock and a timer without real time. */
  private static final class Time {
    private final TreeMap<Long, List<Runnable>> tasks = new TreeMap<>();
    private long now;

    long now() {
      return now;
    }

    void after(Runnable task, long nanos) {
      tasks.computeIfAbsent(now + nanos, at -> new ArrayList<>()).add(task);
    }

    void advance(long nanos) {
      long end = now + nanos;
      while (!tasks.isEmpty() && tasks.firstKey() <= end) {
        Map.Entry<Long, List<Runnable>> next = tasks.pollFirstEntry();
        now = next.getKey();
        next.getValue().forEach(Runnable::run);
      }
      now = end;
    }
  }

  private final Time time = new Time();
  private final StoreBackend memory =
      ObjectStores.backend(HERE, StoreConfig.defaults(), RequestListener.NONE);

  RateLimitTest() throws Exception {}

  private StoreBackend requests(double perSecond) {
    return RateLimit.requests(perSecond, time::now, time::after).over(memory);
  }

  private StoreBackend bytes(double perSecond) {
    return RateLimit.bytes(perSecond, time::now, time::after).over(memory);
  }

  private static Payload payload(int size) {
    return new Payload(
        List.of(ByteBuffer.allocate(size).asReadOnlyBuffer()), size, Optional.empty());
  }

  private static CompletableFuture<?> put(StoreBackend backend, int size) {
    return backend.put(HERE.withKey("o"), payload(size), PutOptions.DEFAULT);
  }

  private static CompletableFuture<?> read(StoreBackend backend, ByteRange range) {
    return backend.read(
        HERE.withKey("o"),
        new ReadRequest(range, Optional.empty()),
        (meta, offset, length) ->
            new Receiver.Landing(ByteSinks.of(ByteBuffer.allocate((int) length)), length));
  }

  private static long done(List<? extends CompletableFuture<?>> all) {
    return all.stream().filter(CompletableFuture::isDone).count();
  }

  @Test
  void requestsAreSpacedEvenly() {
    StoreBackend backend = requests(100);
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(backend.head(HERE.withKey("o")));
    }
    assertThat(done(all)).as("0.1 s that was saved up, and the one that is due").isEqualTo(11);
    for (int i = 1; i <= 39; i++) {
      time.advance(10 * MILLI - 1);
      assertThat(done(all)).isEqualTo(10 + i);
      time.advance(1);
      assertThat(done(all)).isEqualTo(11 + i);
    }
    time.advance(TimeUnit.HOURS.toNanos(1));
    all.clear();
    for (int i = 0; i < 50; i++) {
      all.add(backend.head(HERE.withKey("o")));
    }
    assertThat(done(all)).as("no more is saved up in an hour").isEqualTo(11);
  }

  @Test
  void whatIsGivenUpGivesItsPlaceBack() {
    StoreBackend backend = requests(10);
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(backend.head(HERE.withKey("o")));
    }
    all.subList(2, 100).forEach(one -> one.cancel(true));
    CompletableFuture<?> next = backend.head(HERE.withKey("o"));
    assertThat(next).isNotDone();
    time.advance(100 * MILLI);
    assertThat(next).isDone();
  }

  @Test
  void whoWouldWaitTooLongFailsAtOnceAndTakesNoPlace() {
    StoreBackend backend = requests(0.01); // one in 100 s
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(backend.head(HERE.withKey("o")));
    }
    CompletableFuture<?> late = all.get(9);
    assertThatThrownBy(late::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(ObjectStoreException.class)
        .hasMessageContaining("0.01 requests a second")
        .extracting(e -> ((ObjectStoreException) e).kind())
        .isEqualTo(Kind.TIMEOUT);
    assertThat(done(all)).as("one at once, six refused").isEqualTo(7);
    time.advance(TimeUnit.SECONDS.toNanos(300));
    assertThat(all).allMatch(CompletableFuture::isDone);
    CompletableFuture<?> after = backend.head(HERE.withKey("o"));
    time.advance(TimeUnit.SECONDS.toNanos(100));
    assertThat(after).isDone();
  }

  @Test
  void writesAndKnownRangesPayBefore() {
    StoreBackend backend = bytes(1000);
    assertThat(put(backend, 600)).isDone(); // 0.1 s is saved up: due for 0.5 s now
    CompletableFuture<?> second = put(backend, 100);
    CompletableFuture<?> read = read(backend, ByteRange.of(0, 50));
    assertThat(backend.head(HERE.withKey("o"))).as("moves no bytes").isDone();
    time.advance(500 * MILLI - 1);
    assertThat(second).isNotDone();
    time.advance(1);
    assertThat(second).isDone();
    assertThat(read).isNotDone();
    time.advance(100 * MILLI);
    assertThat(read).isDone();
    CompletableFuture<?> last = put(backend, 1);
    time.advance(50 * MILLI - 1);
    assertThat(last).isNotDone();
    time.advance(1);
    assertThat(last).isDone();
  }

  @Test
  void otherReadsPayAfterwards() {
    put(memory, 700);
    StoreBackend backend = bytes(1000);
    assertThat(read(backend, ByteRange.WHOLE)).isDone();
    CompletableFuture<?> second = read(backend, ByteRange.from(690));
    time.advance(600 * MILLI - 1);
    assertThat(second).isNotDone();
    time.advance(1);
    assertThat(second).isDone();
    time.advance(10 * MILLI);
    assertThat(read(backend, ByteRange.WHOLE)).isDone();
  }

  /** A range beyond the end was paid for and not delivered. */
  @Test
  void whatDidNotComeIsPaidBack() {
    put(memory, 100);
    StoreBackend backend = bytes(1000);
    assertThat(read(backend, ByteRange.of(0, 1_000_000))).isDone();
    assertThat(put(backend, 1)).as("100 bytes were saved up").isDone();
    assertThat(put(backend, 1)).isNotDone();
  }

  @Test
  void whatClearsUpDoesNotWait() {
    StoreBackend backend = requests(1);
    ObjectUri uri = HERE.withKey("u");
    CompletableFuture<PartUpload> start = backend.startMultipart(uri, 10, PutOptions.DEFAULT);
    assertThat(start).isDone();
    CompletableFuture<?> part = start.join().putPart(1, payload(3));
    assertThat(part).isNotDone();
    assertThat(start.join().abort()).isDone();
    time.advance(1000 * MILLI);
    assertThat(part).isDone();
  }

  @Test
  void aRateIsAboveZero() {
    for (double wrong : new double[] {0, -1, Double.NaN}) {
      assertThatThrownBy(() -> RateLimit.requests(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** With the clock and the timer of the machine: it ends, and not before it may. */
  @Test
  void theRealTimerLetsRequestsBegin() throws Exception {
    StoreBackend backend = RateLimit.requests(50).over(memory);
    long start = System.nanoTime();
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      all.add(backend.copy(HERE.withKey("a"), HERE.withKey("b")).handle((ok, missing) -> null));
    }
    for (CompletableFuture<?> one : all) {
      one.get(60, TimeUnit.SECONDS);
    }
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200 * MILLI - MILLI);
  }
}
