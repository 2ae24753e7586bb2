package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.layer.Layer;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What ranks have written is read by several requests at a time. */
class GatherTest {

  private static final int RANKS = 8;

  /** No description comes before all are asked for. */
  private static final class Together extends ForwardingBackend {
    private final CountDownLatch asked = new CountDownLatch(RANKS);

    Together(StoreBackend backend) {
      super(backend);
    }

    @Override
    public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
      if (!uri.key().matches("data/.*/rank-[0-9]+\\.json")) {
        return super.read(uri, request, receiver);
      }
      asked.countDown();
      return CompletableFuture.supplyAsync(this::areAskedFor)
          .thenCompose(yes -> super.read(uri, request, receiver));
    }

    private boolean areAskedFor() {
      try {
        assertThat(asked.await(60, TimeUnit.SECONDS)).as("all are asked for").isTrue();
        return true;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void descriptionsAreReadTogether() throws Exception {
    ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
    Layer together = Together::new;
    try (ObjectStore store =
            ObjectStores.open(
                bucket, StoreConfig.defaults(), RequestListener.NONE, List.of(together));
        CheckpointStore checkpoints =
            CheckpointStore.over(store, bucket, CheckpointOptions.DEFAULT)) {
      store.createBucket(bucket);
      SaveAttempt attempt = checkpoints.begin(1, RANKS);
      for (int rank = 0; rank < RANKS; rank++) {
        ByteBuffer state = ByteBuffer.wrap(new byte[] {(byte) rank});
        checkpoints.writer(attempt, rank).opaque(ByteSources.of(state)).finish();
      }
      assertThat(checkpoints.gather(attempt)).hasSize(RANKS);
    }
  }
}
