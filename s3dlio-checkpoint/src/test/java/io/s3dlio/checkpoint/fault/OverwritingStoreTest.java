package io.s3dlio.checkpoint.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.checkpoint.CheckpointOptions;
import io.s3dlio.checkpoint.CheckpointStore;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.StoreBackend;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A store that takes the condition and overwrites, as some that speak S3 do. */
class OverwritingStoreTest {

  private static final class Overwriting extends ForwardingBackend {
    Overwriting(StoreBackend delegate) {
      super(delegate);
    }

    @Override
    public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
      return super.put(uri, payload, options.withMode(PutMode.OVERWRITE));
    }
  }

  @Test
  void itIsRefusedBeforeAnythingIsSavedUnlessThereIsOneWriter() throws Exception {
    ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
    ObjectUri base = bucket.resolve("run/");
    StoreConfig config = StoreConfig.defaults();
    StoreBackend backend =
        new Overwriting(ObjectStores.backend(base, config, RequestListener.NONE));
    try (ObjectStore store =
        ObjectStore.over(backend, Set.of("memory"), config, BufferPool.ofLimit(16 << 20))) {
      store.createBucket(bucket);
      CheckpointStore refused = CheckpointStore.over(store, base, CheckpointOptions.DEFAULT);
      assertThatThrownBy(() -> refused.begin(1, 1))
          .hasMessageContaining("singleWriter")
          .extracting("kind")
          .isEqualTo(Kind.UNSUPPORTED);
      assertThat(keys(store, base)).containsExactly(base.key() + "probe");
      CheckpointStore alone =
          CheckpointStore.over(store, base, CheckpointOptions.DEFAULT.withSingleWriter());
      History.save(alone, 1, 1);
      History.assertWhole(alone.reader().latest().orElseThrow());
    }
  }

  private static List<String> keys(ObjectStore store, ObjectUri base) {
    try (Stream<ObjectMeta> all = store.list(base)) {
      return all.map(one -> one.uri().key()).toList();
    }
  }
}
