package io.s3dlio.checkpoint.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.BytesView;
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
import io.s3dlio.checkpoint.CheckpointStore;
import io.s3dlio.checkpoint.SaveAttempt;
import io.s3dlio.checkpoint.ShardDescription;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.StoreBackend;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What checkpoints consist of is created, and never written over. */
class NothingIsChangedTest {

  /** Takes note of what could be written over. */
  private static final class Watched extends ForwardingBackend {
    private final ConcurrentLinkedQueue<String> overwritten = new ConcurrentLinkedQueue<>();

    Watched(StoreBackend delegate) {
      super(delegate);
    }

    private void note(ObjectUri uri, PutOptions options) {
      if (uri.key().contains("/data/") && !options.mode().equals(PutMode.CREATE)) {
        overwritten.add(uri.key());
      }
    }

    @Override
    public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
      note(uri, options);
      return super.put(uri, payload, options);
    }

    @Override
    public CompletableFuture<PartUpload> startMultipart(
        ObjectUri uri, long partSize, PutOptions options) {
      note(uri, options);
      return super.startMultipart(uri, partSize, options);
    }
  }

  private final ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
  private final History history;
  private final Watched watched;
  private final ObjectStore store;

  NothingIsChangedTest() throws Exception {
    StoreConfig config = StoreConfig.defaults();
    watched = new Watched(ObjectStores.backend(bucket, config, RequestListener.NONE));
    store = ObjectStore.over(watched, Set.of("memory"), config, BufferPool.ofLimit(16 << 20));
    history = new History(store, bucket.resolve("run/"));
  }

  @BeforeEach
  void open() throws Exception {
    store.createBucket(bucket);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void allThatSavesAndCopiesCreates() throws Exception {
    for (Action action :
        List.of(Action.SAVE_BY_TWO, Action.SAVE_ASYNC, Action.SAVE_UNCHANGED, Action.COPY)) {
      history.begin(action);
      action.run(history, store);
      history.delete();
    }
    assertThat(watched.overwritten).isEmpty();
  }

  @Test
  void aManifestOfSomebodyElseStays() throws Exception {
    CheckpointStore checkpoints = history.open();
    SaveAttempt attempt = checkpoints.begin(1, 1);
    ShardDescription shard = History.writer(checkpoints, attempt, 0).finish();
    ObjectUri manifest = history.base().resolve("data/" + attempt.id() + "/manifest.json");
    store.put(manifest, ByteBuffer.wrap(new byte[] {'{', '}'}));
    assertThatThrownBy(() -> checkpoints.commit(attempt, List.of(shard)))
        .extracting("kind")
        .isEqualTo(Kind.ALREADY_EXISTS);
    try (BytesView bytes = store.get(manifest)) {
      assertThat(bytes.toByteArray()).containsExactly('{', '}');
    }
    store.delete(manifest);
    assertThat(checkpoints.commit(attempt, List.of(shard)).step()).isEqualTo(1);
    assertThat(checkpoints.commit(attempt, List.of(shard)).step()).isEqualTo(1);
  }
}
