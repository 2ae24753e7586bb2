package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What it costs to find the newest checkpoint behind ten thousand records. */
class LongLogTest {

  @Test
  void theNewestIsFoundInFewRequests() throws Exception {
    ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
    AtomicInteger requests = new AtomicInteger();
    RequestListener counting = event -> requests.incrementAndGet();
    try (ObjectStore store = ObjectStores.open(bucket, StoreConfig.defaults(), counting)) {
      store.createBucket(bucket);
      try (CheckpointStore checkpoints =
          CheckpointStore.over(store, bucket, CheckpointOptions.DEFAULT)) {
        CommitLog log = log(store, bucket);
        Optional<LogRecord> last = Optional.empty();
        for (int i = 0; i < 10_000; i++) {
          last = Optional.of(log.append(new Change.Abort(new UUID(1, i)), last));
        }
        ByteBuffer state = ByteBuffer.wrap(new byte[] {1});
        checkpoints.writer(7, 0, 1).opaque(ByteSources.of(state)).commit();

        requests.set(0);
        assertThat(checkpoints.reader().latest()).map(Checkpoint::step).contains(7L);
        assertThat(requests.get()).isBetween(3, 5);

        store.delete(bucket.resolve("latest.json"));
        requests.set(0);
        assertThat(checkpoints.reader().latest()).map(Checkpoint::step).contains(7L);
        assertThat(requests.get()).isBetween(14, 32);
      }
    }
  }

  private static CommitLog log(ObjectStore store, ObjectUri base) {
    Places places = Places.under(base);
    return new CommitLog(store, places, new Exclusive(store, places, false));
  }
}
