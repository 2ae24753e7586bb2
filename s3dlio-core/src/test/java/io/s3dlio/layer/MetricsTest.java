package io.s3dlio.layer;

import static io.s3dlio.layer.HeldBackend.HERE;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.StoreBackend;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What was done is what is counted. */
class MetricsTest {

  private static final ObjectUri BUCKET = ObjectUri.parse("memory://metrics/");
  private static final StoreConfig CONFIG =
      StoreConfig.defaults()
          .with(StoreConfig.PART_SIZE, "64KiB")
          .with(StoreConfig.MULTIPART_THRESHOLD, "64KiB");

  private final Metrics metrics = new Metrics();

  @Test
  void everyOperationIsCounted() throws Exception {
    ObjectUri object = BUCKET.withKey("o");
    ObjectUri large = BUCKET.withKey("large");
    try (ObjectStore store =
        ObjectStores.open(BUCKET, CONFIG, RequestListener.NONE, List.of(metrics))) {
      store.put(object, ByteBuffer.allocate(1000));
      store.put(large, ByteBuffer.allocate(200_000));
      store.get(object).close();
      store.get(large).close();
      assertThat(store.exists(BUCKET.withKey("missing"))).isFalse();
      store.head(object);
      store.copy(object, BUCKET.withKey("copy"));
      MetricsSnapshot first = metrics.snapshot();
      assertThat(first.of(Operation.PUT).requests()).isEqualTo(1);
      assertThat(first.of(Operation.PUT).sent()).isEqualTo(1000);
      assertThat(first.of(Operation.START_MULTIPART).requests()).isEqualTo(1);
      assertThat(first.of(Operation.PUT_PART).requests()).isEqualTo(4);
      assertThat(first.of(Operation.PUT_PART).sent()).isEqualTo(200_000);
      assertThat(first.of(Operation.COMPLETE).requests()).isEqualTo(1);
      assertThat(first.of(Operation.ABORT).requests()).isZero();
      assertThat(first.of(Operation.READ).received()).isEqualTo(201_000);
      assertThat(first.of(Operation.READ).firstByte().count())
          .isEqualTo(first.of(Operation.READ).requests());
      assertThat(first.of(Operation.HEAD).requests()).isEqualTo(2);
      assertThat(first.of(Operation.HEAD).failures()).isEqualTo(Map.of(Kind.NOT_FOUND, 1L));
      assertThat(first.of(Operation.HEAD).failed()).isEqualTo(1);
      assertThat(first.of(Operation.COPY).requests()).isEqualTo(1);
      assertThat(first.operations().values()).allMatch(one -> one.inFlight() == 0);
      assertThat(first.span()).isPositive();

      store.put(object, ByteBuffer.allocate(10));
      assertThat(store.deletePrefix(BUCKET)).isEqualTo(3);
      MetricsSnapshot since = metrics.snapshot().since(first);
      assertThat(since.of(Operation.PUT).requests()).isEqualTo(1);
      assertThat(since.of(Operation.PUT).sent()).isEqualTo(10);
      assertThat(since.of(Operation.HEAD).requests()).isZero();
      assertThat(since.of(Operation.HEAD).failures()).isEmpty();
      assertThat(since.of(Operation.DELETE_ALL).requests()).isEqualTo(1);
      assertThat(since.of(Operation.LIST).requests()).isPositive();
      assertThat(since.toString()).contains("deleteAll").contains("put ").doesNotContain("copy");
    }
  }

  @Test
  void aRequestIsInFlightUntilItEndsAndThenInTheFigures() throws Exception {
    HeldBackend below = new HeldBackend();
    StoreBackend backend = metrics.over(below);
    CompletableFuture<?> head = backend.head(HERE.withKey("a"));
    CompletableFuture<?> given = backend.head(HERE.withKey("b"));
    OperationMetrics now = metrics.snapshot().of(Operation.HEAD);
    assertThat(now.inFlight()).isEqualTo(2);
    assertThat(now.requests()).isZero();
    List<Long> seen = new ArrayList<>();
    head.whenComplete((meta, error) -> seen.add(metrics.snapshot().of(Operation.HEAD).requests()));
    below.awaitRequest(1).release();
    assertThat(seen).as("seen by whoever hears of the end").containsExactly(1L);
    given.cancel(true);
    OperationMetrics end = metrics.snapshot().of(Operation.HEAD);
    assertThat(end.inFlight()).isZero();
    assertThat(end.failures()).isEqualTo(Map.of(Kind.NOT_FOUND, 1L, Kind.CANCELLED, 1L));
    assertThat(end.latency().quantile(1)).isPositive();
  }

  @Test
  void noneIsLostBetweenThreads() throws Exception {
    StoreBackend backend = metrics.over(ObjectStores.backend(BUCKET, CONFIG, RequestListener.NONE));
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      threads.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  backend.head(BUCKET.withKey("missing"));
                }
              }));
    }
    for (CompletableFuture<Void> thread : threads) {
      thread.get(60, TimeUnit.SECONDS);
    }
    OperationMetrics heads = metrics.snapshot().of(Operation.HEAD);
    assertThat(heads.requests()).isEqualTo(80_000);
    assertThat(heads.failures()).isEqualTo(Map.of(Kind.NOT_FOUND, 80_000L));
    assertThat(heads.inFlight()).isZero();
  }
}
