package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSinks;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.Verification;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.Receiver.Landing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When large objects are read in parts, and when not. Time passes only as a test says. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PaceTest extends EngineFixture {

  private static final int CHUNK = 1000;

  /** What the first answer to a read in parts does not bring. */
  private static final int PARTS = 5;

  private static final long REST = LARGE - PART;

  private final AtomicLong clock = new AtomicLong();
  private final Pace pace = new Pace(clock::get);
  private Wire wire;
  private ObjectMeta meta;
  private Engine engine;

  /** A store behind connections, of which each takes its time. */
  private final class Wire extends Memory {
    final List<ByteRange.Span> asked = Collections.synchronizedList(new ArrayList<>());

    /** Nanoseconds that pass with each chunk of an answer that comes alone. */
    volatile long chunkTakes;

    /** Nanoseconds that pass with the parts that come together, which all have to be asked for. */
    volatile long partsTake;

    /** Where connections get stuck. */
    volatile long stuckAt = -1;

    volatile long stuckFor = TimeUnit.SECONDS.toNanos(1);

    /** Where the parts meet; null if they need not. */
    volatile CyclicBarrier together = new CyclicBarrier(PARTS, () -> clock.addAndGet(partsTake));

    @Override
    public boolean isLocal() {
      return false;
    }

    @Override
    public CompletableFuture<Void> read(ObjectUri u, ReadRequest request, Receiver receiver) {
      ByteRange.Span span = request.range().resolve(meta.size()).orElseThrow();
      try {
        Landing landing = receiver.begin(meta, span.offset(), span.length());
        asked.add(new ByteRange.Span(span.offset(), landing.length()));
        boolean isPart = span.offset() > 0 && landing.length() <= PART;
        if (isPart && together != null) {
          together.await(30, TimeUnit.SECONDS);
        }
        deliver(landing, span.offset(), isPart ? 0 : chunkTakes);
        return CompletableFuture.completedFuture(null);
      } catch (IOException e) {
        return CompletableFuture.failedFuture(e);
      } catch (Exception e) {
        throw new IllegalStateException("not all parts were asked for together: " + asked, e);
      }
    }

    private void deliver(Landing landing, long offset, long nanos) throws IOException {
      for (long at = 0; at < landing.length(); at += CHUNK) {
        int n = (int) Math.min(CHUNK, landing.length() - at);
        clock.addAndGet(offset + at == stuckAt ? stuckFor : nanos);
        landing.sink().write(at, ByteBuffer.wrap(content(offset + at, n)));
      }
    }

    private byte[] content(long offset, int n) {
      byte[] bytes = new byte[n];
      for (int i = 0; i < n; i++) {
        bytes[i] = CONTENT[(int) ((offset + i) % LARGE)];
      }
      return bytes;
    }
  }

  @BeforeEach
  void open() throws Exception {
    putContent();
    wire = new Wire();
    meta = over(memory).head(uri);
    StoreConfig config =
        StoreConfig.defaults()
            .with(StoreConfig.PART_SIZE, PART + "")
            .with(StoreConfig.MULTIPART_THRESHOLD, PART + "");
    engine = new Engine(wire, config, pool, "pace");
  }

  @AfterEach
  void close() throws Exception {
    engine.close();
  }

  private List<ByteRange.Span> get() throws Exception {
    wire.asked.clear();
    try (PooledRead read = new PooledRead(engine, uri, GetOptions.DEFAULT, pace);
        GetResult got = read.run()) {
      assertThat(got.bytes().toByteArray()).isEqualTo(wire.content(0, (int) meta.size()));
      assertThat(got.verification())
          .isEqualTo(meta.crc32c().isPresent() ? Verification.VERIFIED : Verification.UNVERIFIED);
    }
    return List.copyOf(wire.asked);
  }

  /** One connection brings a chunk in 10 us, all together bring as much. */
  private void oneConnectionIsEnough() {
    wire.chunkTakes = 10_000;
    wire.partsTake = REST * 10;
  }

  private void tryParts() throws Exception {
    for (int i = 0; i < Pace.TRIALS; i++) {
      assertThat(get()).hasSize(1 + PARTS);
    }
  }

  @Test
  void slowConnectionsAreUsedAllAtATime() throws Exception {
    wire.chunkTakes = 1_000_000;
    wire.partsTake = REST * 1_000 / PARTS;
    for (int i = 0; i < Pace.TRIALS + 2 * Pace.RENEWAL; i++) {
      assertThat(get()).hasSize(1 + PARTS); // and the barrier sees that none waits for another
    }
  }

  @Test
  void whereOneConnectionIsAsFastOneAnswerBringsAll() throws Exception {
    oneConnectionIsEnough();
    tryParts();
    for (int i = 1; i < Pace.RENEWAL; i++) {
      assertThat(get()).containsExactly(new ByteRange.Span(0, LARGE));
    }
    assertThat(get()).as("tried again").hasSize(1 + PARTS);
    assertThat(get()).hasSize(1);
  }

  @Test
  void aTenthIsNotWorthTheParts() throws Exception {
    oneConnectionIsEnough();
    wire.partsTake = wire.partsTake * 92 / 100;
    tryParts();
    assertThat(get()).hasSize(1);
  }

  @Test
  void aQuarterIs() throws Exception {
    oneConnectionIsEnough();
    wire.partsTake = wire.partsTake * 80 / 100;
    tryParts();
    assertThat(get()).hasSize(1 + PARTS);
  }

  @Test
  void anAnswerThatBecomesSlowIsBrokenOffAndItsBytesCount() throws Exception {
    oneConnectionIsEnough();
    tryParts();
    wire.stuckAt = 100 * CHUNK;
    wire.together = new CyclicBarrier(4);
    List<ByteRange.Span> asked = get();
    assertThat(asked).hasSize(5).contains(new ByteRange.Span(0, LARGE));
    assertThat(asked).contains(new ByteRange.Span(101 * CHUNK, PART));
    assertThat(asked.stream().skip(1).mapToLong(ByteRange.Span::length).sum())
        .isEqualTo(LARGE - 101 * CHUNK);
  }

  @Test
  void afterASlowAnswerPartsAreBackAtOnce() throws Exception {
    oneConnectionIsEnough();
    tryParts();
    wire.stuckAt = 50 * CHUNK;
    wire.together = null;
    get();
    assertThat(get().get(0)).isEqualTo(new ByteRange.Span(0, PART));
  }

  @Test
  void nobodyIsBrokenOffForAMoment() throws Exception {
    oneConnectionIsEnough();
    tryParts();
    wire.stuckAt = 5 * CHUNK;
    wire.stuckFor = TimeUnit.MILLISECONDS.toNanos(15);
    assertThat(get()).hasSize(1);
  }

  @Test
  void aLargerObjectIsReadInRuns() throws Exception {
    oneConnectionIsEnough();
    int parts = 20;
    wire.together = new CyclicBarrier(parts, () -> clock.addAndGet(10L * parts * PART));
    meta = ObjectMeta.listed(uri, parts * PART + 5, Instant.EPOCH, Optional.of("large"));
    for (int i = 0; i < Pace.TRIALS; i++) {
      assertThat(get()).hasSize(1 + parts);
    }
    long run = Pace.RUN * PART;
    assertThat(get())
        .containsExactly(
            new ByteRange.Span(0, run),
            new ByteRange.Span(run, run),
            new ByteRange.Span(2 * run, 4 * PART + 5));
  }

  @Test
  void ofMorePartsThanWereTriedNothingIsKnown() {
    pace.watch("get", uri, 100, false).end(); // took no time: is no speed
    clock.set(10);
    learn(100, 5, 1000);
    assertThat(pace.oneIsEnough(5)).isTrue();
    assertThat(pace.oneIsEnough(6)).isFalse();
  }

  /** So much alone in 10 ns, and as much as follows in parts together. */
  private void learn(long alone, int parts, long together) {
    for (int i = 0; i < Pace.TRIALS; i++) {
      Pace.Watch watch = pace.watch("get", uri, alone, false);
      clock.addAndGet(10);
      land(watch, alone);
      watch.end();
      long start = pace.now();
      clock.addAndGet(100);
      pace.cameTogether(parts, together, start);
    }
  }

  private static void land(Pace.Watch watch, long bytes) {
    try {
      watch.landed(bytes);
    } catch (ObjectStoreException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneFastReadInPartsIsForgottenInTime() throws Exception {
    learn(100, 5, 2000); // together twice as fast
    assertThat(pace.oneIsEnough(5)).isFalse();
    learn(100, 5, 1000);
    assertThat(pace.oneIsEnough(5)).as("2 * 0.9^3 = 1.46").isFalse();
    learn(100, 5, 1000);
    assertThat(pace.oneIsEnough(5)).as("2 * 0.9^6 = 1.06").isTrue();
  }

  @Test
  void slownessIsAnErrorOfItsOwnThatSaysWhatHappens() {
    learn(100, 5, 1000);
    Pace.Watch watch = pace.watch("get", uri, 1000, true);
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThatThrownBy(() -> watch.landed(1))
        .isInstanceOf(Pace.TooSlow.class)
        .hasMessageContaining("slower than several")
        .extracting(e -> ((ObjectStoreException) e).kind())
        .isEqualTo(Kind.CANCELLED);
    land(watch, 1000); // the last byte is always welcome
  }

  @Test
  void whatGoesToASinkIsReadInParts() throws Exception {
    oneConnectionIsEnough();
    for (int i = 0; i < 2 * Pace.TRIALS; i++) {
      wire.asked.clear();
      Download.toSink(
          engine, "get", uri, ByteSinks.of(ByteBuffer.allocate(LARGE)), GetOptions.DEFAULT);
      assertThat(wire.asked).hasSize(1 + PARTS);
    }
  }
}
