package io.s3dlio.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.ForwardingBackend;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One layer over several stores, and several over one. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedLayersTest {

  private static final ObjectUri FROM = ObjectUri.parse("memory://shared-from/o");
  private static final ObjectUri TO = ObjectUri.parse("memory://shared-to/o");
  private static final StoreConfig CONFIG =
      StoreConfig.defaults()
          .with(StoreConfig.PART_SIZE, "64KiB")
          .with(StoreConfig.MULTIPART_THRESHOLD, "64KiB");

  private static ObjectStore open(ObjectUri uri, Layer... layers) throws Exception {
    return ObjectStores.open(uri, CONFIG, RequestListener.NONE, List.of(layers));
  }

  /** A copy reads from one store while it writes to the other; nobody holds a turn meanwhile. */
  @Test
  void copiesBetweenStoresThatShareOneTurnGetOn() throws Exception {
    ConcurrencyLimit one = new ConcurrencyLimit(1);
    Metrics metrics = new Metrics();
    byte[] bytes = new byte[1_000_000];
    bytes[999_999] = 7;
    try (ObjectStore from = open(FROM, metrics, one);
        ObjectStore to = open(TO, metrics, one)) {
      from.put(FROM, ByteBuffer.wrap(bytes));
      List<CompletableFuture<?>> copies = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        copies.add(to.async().put(TO.withKey("o" + i), from.source(FROM), PutOptions.DEFAULT));
      }
      for (CompletableFuture<?> copy : copies) {
        copy.get(60, TimeUnit.SECONDS);
      }
      for (int i = 0; i < 4; i++) {
        try (BytesView view = to.get(TO.withKey("o" + i))) {
          assertThat(view.toByteArray()).isEqualTo(bytes);
        }
      }
      assertThat(one.waiting()).isZero();
      assertThat(metrics.snapshot().of(Operation.PUT_PART).sent()).isEqualTo(5_000_000);
      from.delete(FROM);
      to.deletePrefix(TO.withKey(""));
    }
  }

  @Test
  void theFirstLayerSeesARequestFirst() throws Exception {
    Recording outer = new Recording(10);
    Recording inner = new Recording(10);
    try (ObjectStore store = open(FROM, outer, new KeyPrefix("below/"), inner)) {
      store.exists(FROM);
    }
    assertThat(outer.calls()).extracting(one -> one.call().uri()).containsExactly(FROM);
    assertThat(inner.calls())
        .extracting(one -> one.call().uri())
        .containsExactly(FROM.withKey("below/o"));
  }

  @Test
  void aStoreThatCannotBeOpenedLeavesNothingOpen() {
    List<String> closed = new ArrayList<>();
    Layer watching =
        below ->
            new ForwardingBackend(below) {
              @Override
              public void close() {
                closed.add("closed");
              }
            };
    Layer broken =
        below -> {
          throw new IllegalStateException("as ordered by a test");
        };
    assertThatThrownBy(() -> open(FROM, broken, watching))
        .isInstanceOf(IllegalStateException.class);
    assertThat(closed).containsExactly("closed");
  }
}
