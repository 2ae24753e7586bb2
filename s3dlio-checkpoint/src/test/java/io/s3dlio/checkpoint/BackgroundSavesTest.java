package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.ObjectMeta;
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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  private void openMemory(String memory, ShardPuts.Before before) throws Exception {
    open(ObjectUri.parse("memory://" + UUID.randomUUID() + "/"), memory, before);
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

  private List<ObjectUri> objects() {
    try (Stream<ObjectMeta> all = store.list(base)) {
      return all.map(ObjectMeta::uri).toList();
    }
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

  @Test
  void ranksOfOneProcessShareMemoryForOneCopy() throws Exception {
    openFiles();
    SaveAttempt attempt = checkpoints.begin(1, 3);
    List<PendingSave> saves = new ArrayList<>();
    for (int rank = 0; rank < 3; rank++) {
      saves.add(tensor(checkpoints.writer(attempt, rank), (24 << 20) - rank).commitAsync());
    }
    for (PendingSave save : saves) {
      assertThat(save.await().step()).isEqualTo(1);
    }
  }

  @Test
  void ranksOfOneProcessMeetInTheStore() throws Exception {
    openMemory("16MiB", () -> {});
    ExecutorService ranks = Executors.newFixedThreadPool(2);
    try {
      tensor(checkpoints.writer(5, 0, 1), 10).commit();
      for (int time = 1; time <= 2; time++) { // again after going back
        List<Future<CheckpointInfo>> all = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
          int me = rank;
          all.add(ranks.submit(() -> tensor(checkpoints.writer(7, me, 2), 10 + me).commit()));
        }
        for (Future<CheckpointInfo> one : all) {
          assertThat(one.get(60, TimeUnit.SECONDS).step()).isEqualTo(7);
        }
        checkpoints.rollbackTo(5);
      }
    } finally {
      ranks.shutdownNow();
    }
  }

  /** Too large for a copy; it sees whether it is read while a gate is closed. */
  private record Watched(CountDownLatch gate, AtomicBoolean early) implements ByteSource {
    @Override
    public long size() {
      return 2 << 20;
    }

    @Override
    public void read(long offset, ByteBuffer dst) {
      dst.put(view(offset, dst.remaining()));
    }

    @Override
    public ByteBuffer view(long offset, int length) {
      early.compareAndSet(false, gate.getCount() > 0);
      return ByteBuffer.allocate(length);
    }
  }

  /** It would make those too late, and they would be lost. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatBlocksComesAfterWhatWasBegunBefore(boolean async) throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicBoolean early = new AtomicBoolean();
    openMemory("1MiB", gate::await);
    PendingSave first = tensor(checkpoints.writer(1, 0, 1), 10).commitAsync();
    CheckpointWriter second = checkpoints.writer(2, 0, 1).opaque(new Watched(gate, early));
    FutureTask<CheckpointInfo> saved =
        new FutureTask<>(() -> async ? second.commitAsync().await() : second.commit());
    Thread trainer = new Thread(saved);
    trainer.start();
    ShardPuts.awaitWaiting(trainer);
    gate.countDown();
    assertThat(first.await().step()).isEqualTo(1);
    assertThat(saved.get(60, TimeUnit.SECONDS).step()).isEqualTo(2);
    assertThat(early).isFalse();
  }

  /** Its attempt is given up before it begins to write. */
  private PendingSave failing(CheckpointStore mine, long step) throws ObjectStoreException {
    SaveAttempt attempt = mine.begin(step, 1);
    CheckpointWriter writer = tensor(mine.writer(attempt, 0), 10);
    mine.abort(attempt);
    return writer.commitAsync();
  }

  @Test
  void aFailureIsToldBeforeAnythingIsBegun() throws Exception {
    openMemory("16MiB", () -> {});
    for (int world = 1; world <= 2; world++) {
      int ranks = world;
      PendingSave save = failing(checkpoints, world);
      while (!save.hasFailedUnheard()) {
        Thread.onSpinWait();
      }
      List<ObjectUri> before = objects();
      assertThatThrownBy(() -> checkpoints.writer(9, 0, ranks)).hasMessageContaining("aborted");
      assertThat(objects()).isEqualTo(before);
    }
    tensor(checkpoints.writer(9, 0, 1), 10).commit(); // it was told once
  }

  @Test
  void whoHearsOfASaveMaySaveAgain() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    openMemory("16MiB", gate::await);
    PendingSave first = tensor(checkpoints.writer(1, 0, 1), 10).commitAsync();
    CheckpointWriter second = tensor(checkpoints.writer(2, 0, 1), 10);
    CompletableFuture<CheckpointInfo> next =
        first
            .future()
            .thenCompose(
                info -> {
                  try {
                    return CompletableFuture.completedFuture(second.commit());
                  } catch (ObjectStoreException e) {
                    return CompletableFuture.failedFuture(e);
                  }
                });
    gate.countDown();
    assertThat(next.get(60, TimeUnit.SECONDS).step()).isEqualTo(2);
  }

  @Test
  void aFutureThatIsCancelledStopsNothing() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    openMemory("16MiB", gate::await);
    PendingSave first = tensor(checkpoints.writer(1, 0, 1), 10).commitAsync();
    PendingSave second = tensor(checkpoints.writer(2, 0, 1), 10).commitAsync();
    assertThat(first.future().cancel(true)).isTrue();
    gate.countDown();
    assertThat(second.await().step()).isEqualTo(2);
    assertThat(first.await().step()).isEqualTo(1);
    assertThat(steps()).containsExactly(1L, 2L);
  }

  @Test
  void whoHasTheFutureIsNotToldAgain() throws Exception {
    Thread closing = Thread.currentThread();
    openMemory("16MiB", () -> ShardPuts.awaitWaiting(closing));
    CompletableFuture<CheckpointInfo> future;
    try (CheckpointStore mine = CheckpointStore.over(store, base, OPTIONS)) {
      future = failing(mine, 1).future();
    }
    assertThatThrownBy(() -> future.get(60, TimeUnit.SECONDS)).hasMessageContaining("aborted");
  }
}
