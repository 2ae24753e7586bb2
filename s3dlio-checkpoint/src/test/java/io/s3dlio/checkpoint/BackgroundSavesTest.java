package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.safetensors.DType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Saves in the background do not stand in each other's way, whoever begins them. */
@Timeout(120)
class BackgroundSavesTest {

  private static final CheckpointOptions OPTIONS =
      CheckpointOptions.DEFAULT
          .withJob("run")
          .withPatience(Duration.ofSeconds(30))
          .withPoll(Duration.ofMillis(5));

  @TempDir Path directory;

  private ObjectUri base;
  private ObjectStore store;
  private CheckpointStore checkpoints;

  private void open(ObjectUri bucket, String memory, ShardPuts.Before before) throws Exception {
    base = bucket.resolve("run/");
    StoreConfig config =
        StoreConfig.defaults()
            .with(StoreConfig.MEMORY_LIMIT, memory)
            .with(StoreConfig.MEMORY_TIMEOUT, "2s");
    store =
        ObjectStores.open(bucket, config, RequestListener.NONE, List.of(ShardPuts.after(before)));
    store.createBucket(bucket);
    checkpoints = CheckpointStore.over(store, base, OPTIONS);
  }

  private void openFiles() throws Exception {
    open(ObjectUri.parse("file://" + directory + "/bucket/"), "48MiB", () -> {});
  }

  @AfterEach
  void close() throws Exception {
    checkpoints.close();
    store.close();
    assertThat(store.pool().used()).as("memory that nobody gave back").isZero();
  }

  private static ByteSource zeros(int size) {
    return ByteSources.of(ByteBuffer.allocate(size));
  }

  private CheckpointWriter tensor(CheckpointWriter writer, int size) {
    return writer.put("t" + size, DType.U8, List.of((long) size), zeros(size));
  }

  private List<Long> steps() throws ObjectStoreException {
    return checkpoints.reader().list().stream().map(CheckpointInfo::step).toList();
  }

  @Test
  void aCopyThatWaitsForMemoryLeavesTheSaveThatRunsWhatItNeeds() throws Exception {
    openFiles();
    List<PendingSave> saves = new ArrayList<>();
    for (long step = 1; step <= 3; step++) {
      saves.add(tensor(checkpoints.writer(step, 0, 1), 24 << 20).commitAsync());
    }
    for (PendingSave save : saves) {
      save.await();
    }
    assertThat(steps()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aCopyThatWouldLeaveTooLittleMemoryIsNotMade() throws Exception {
    openFiles();
    PendingSave save = tensor(checkpoints.writer(1, 0, 1), 40 << 20).commitAsync();
    assertThat(save.future()).isDone();
    save.await();
  }
}
