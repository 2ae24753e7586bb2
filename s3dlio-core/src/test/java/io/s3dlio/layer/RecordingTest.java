package io.s3dlio.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSources;
import io.s3dlio.GetOptions;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was asked is what is kept. */
class RecordingTest {

  private static final ObjectUri BUCKET = ObjectUri.parse("memory://recording/");
  private static final ObjectUri OBJECT = BUCKET.withKey("o");
  private static final StoreConfig CONFIG =
      StoreConfig.defaults()
          .with(StoreConfig.PART_SIZE, "64KiB")
          .with(StoreConfig.MULTIPART_THRESHOLD, "64KiB");

  private static ObjectStore open(Layer layer) throws Exception {
    return ObjectStores.open(BUCKET, CONFIG, RequestListener.NONE, List.of(layer));
  }

  @Test
  void callsTellWhatWasAskedAndWhatCameOfIt() throws Exception {
    Recording recording = new Recording(100);
    try (ObjectStore store = open(recording)) {
      PutOptions create = PutOptions.DEFAULT.withMode(PutMode.CREATE);
      store.put(OBJECT, ByteSources.of(ByteBuffer.allocate(100_000)), create);
      assertThat(recording.calls(Operation.START_MULTIPART))
          .singleElement()
          .satisfies(one -> assertThat(one.call().mode()).contains(PutMode.CREATE));
      assertThat(recording.calls(Operation.PUT_PART))
          .extracting(one -> one.call().part(), one -> one.call().sent())
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple(1, 65536L),
              org.assertj.core.groups.Tuple.tuple(2, 34464L));
      assertThat(recording.calls(Operation.COMPLETE)).hasSize(1);

      recording.clear();
      ByteRange range = ByteRange.of(99_990, 100);
      store.get(OBJECT, GetOptions.DEFAULT.withRange(range)).close();
      store.copy(OBJECT, BUCKET.withKey("to"));
      assertThat(store.exists(BUCKET.withKey("missing"))).isFalse();
      store.deleteAll(List.of(OBJECT, BUCKET.withKey("to")));
      List<RecordedCall> calls = recording.calls();
      assertThat(calls)
          .extracting(one -> one.call().operation())
          .containsExactly(Operation.READ, Operation.COPY, Operation.HEAD, Operation.DELETE_ALL);
      assertThat(calls.get(0).call().range()).contains(range);
      assertThat(calls.get(0).received()).isEqualTo(10);
      assertThat(calls.get(0).answerNanos().orElseThrow() - calls.get(0).startNanos())
          .isNotNegative();
      assertThat(calls.get(1).call().to()).contains(BUCKET.withKey("to"));
      assertThat(calls.get(1).answerNanos()).isEmpty();
      assertThat(calls.get(2).error()).contains(Kind.NOT_FOUND);
      assertThat(calls.get(2).endNanos() - calls.get(2).startNanos()).isNotNegative();
      assertThat(calls.get(3).call().objects()).isEqualTo(2);
      assertThat(calls.get(3).error()).isEmpty();
    }
  }

  @Test
  void theOldestAreDroppedAndCounted() throws Exception {
    Recording recording = new Recording(2);
    try (ObjectStore store = open(recording)) {
      for (String key : List.of("a", "b", "c")) {
        store.exists(BUCKET.withKey(key));
      }
    }
    assertThat(recording.calls())
        .extracting(one -> one.call().uri().key())
        .containsExactly("b", "c");
    assertThat(recording.dropped()).isEqualTo(1);
    recording.clear();
    assertThat(recording.calls()).isEmpty();
    assertThat(recording.dropped()).isZero();
    assertThatThrownBy(() -> new Recording(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatATapThrowsChangesNothing() throws Exception {
    Layer broken =
        new Tap(
            call -> {
              throw new IllegalStateException("as ordered by a test");
            });
    try (ObjectStore store = open(broken)) {
      store.put(OBJECT, ByteBuffer.allocate(10));
      assertThat(store.exists(OBJECT)).isTrue();
      store.delete(OBJECT);
    }
    HeldBackend below = new HeldBackend();
    var head = broken.over(below).head(OBJECT);
    below.awaitRequest(1).release();
    assertThat(head).isCompletedExceptionally();
  }
}
