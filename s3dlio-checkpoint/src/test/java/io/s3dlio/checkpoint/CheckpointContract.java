package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSinks;
import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.MultipartUpload;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.safetensors.DType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a history of checkpoints does, wherever it lies. */
abstract class CheckpointContract {

  private static final CheckpointOptions OPTIONS =
      CheckpointOptions.DEFAULT.withPatience(Duration.ofSeconds(60)).withPoll(Duration.ofMillis(5));

  private ObjectStore store;
  private ObjectUri base;
  private CheckpointStore checkpoints;

  /** A place of its own, in a bucket that need not be there. */
  protected abstract ObjectUri newBucket() throws Exception;

  /** How to reach it. */
  protected StoreConfig connect(StoreConfig config) {
    return config;
  }

  @BeforeEach
  void open() throws Exception {
    ObjectUri bucket = newBucket();
    store = ObjectStores.open(bucket, connect(StoreConfig.defaults()), RequestListener.NONE);
    store.createBucket(bucket);
    base = bucket.resolve("run/");
    checkpoints = CheckpointStore.over(store, base, OPTIONS);
  }

  @AfterEach
  void close() throws Exception {
    checkpoints.close();
    store.close();
    assertThat(store.pool().used()).as("memory that nobody gave back").isZero();
  }

  private static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static ByteSource source(byte... bytes) {
    return ByteSources.of(ByteBuffer.wrap(bytes));
  }

  private CheckpointInfo save(long step) throws ObjectStoreException {
    return checkpoints.writer(step, 0, 1).opaque(source(bytes(100, step))).commit();
  }

  private List<Long> steps() throws ObjectStoreException {
    return checkpoints.reader().list().stream().map(CheckpointInfo::step).toList();
  }

  private List<String> objects() {
    try (Stream<ObjectMeta> all = store.list(base)) {
      return all.map(one -> one.uri().key().substring(base.key().length())).toList();
    }
  }

  @Test
  void loadsWhatWasSaved() throws Exception {
    assertThat(checkpoints.reader().latest()).isEmpty();
    assertThat(checkpoints.reader().loadLatest()).isEmpty();
    byte[] state = bytes(3_000_000, 1);
    CheckpointInfo info = checkpoints.writer(7, 0, 1).opaque(source(state)).commit();
    assertThat(info.step()).isEqualTo(7);
    assertThat(info.bytes()).isEqualTo(state.length);
    try (BytesView loaded = checkpoints.reader().loadLatest().orElseThrow()) {
      assertThat(loaded.toByteArray()).isEqualTo(state);
    }
    ByteBuffer piecewise = ByteBuffer.allocate(state.length);
    checkpoints.reader().at(7).readShard(0, ByteSinks.of(piecewise));
    assertThat(piecewise.array()).isEqualTo(state);
    assertThat(checkpoints.reader().list()).containsExactly(info);
    assertThat(checkpoints.reader().history()).containsExactly(info);
  }

  @Test
  void ranksMeetInTheStore() throws Exception {
    int world = 4;
    ExecutorService ranks = Executors.newFixedThreadPool(world);
    try {
      for (long step : new long[] {5, 6}) {
        List<Future<CheckpointInfo>> all = new ArrayList<>();
        for (int rank = 0; rank < world; rank++) {
          int me = rank;
          all.add(ranks.submit(() -> saveRank(step, me, world)));
        }
        for (Future<CheckpointInfo> one : all) {
          assertThat(one.get(60, TimeUnit.SECONDS).step()).isEqualTo(step);
        }
      }
    } finally {
      ranks.shutdownNow();
    }
    assertThat(objects()).noneMatch(key -> key.startsWith("meet/"));
    Checkpoint latest = checkpoints.reader().latest().orElseThrow();
    assertThat(latest.worldSize()).isEqualTo(world);
    assertThat(latest.info().tensors()).isEqualTo(5);
    assertThat(latest.notes()).containsEntry("loss", "0.5");
    List<BytesView> shards = latest.readAllShards();
    for (int rank = 0; rank < world; rank++) {
      try (BytesView one = latest.readShard(rank);
          BytesView same = shards.get(rank)) {
        assertThat(one.size()).isEqualTo(latest.shardSize(rank));
        assertThat(one.toByteArray()).isEqualTo(same.toByteArray());
      }
    }
  }

  private CheckpointInfo saveRank(long step, int rank, int world) throws ObjectStoreException {
    try (CheckpointStore mine = CheckpointStore.over(store, base, OPTIONS.withJob("job-" + step))) {
      TensorSlice rows = new TensorSlice(List.of(rank * 10L, 0L), List.of(10L, 3L));
      return mine.writer(step, rank, world)
          .put("own" + rank, DType.I64, List.of(4L), source(bytes(32, rank)))
          .put("all", DType.F32, List.of(40L, 3L), rows, source(bytes(120, rank)))
          .note("loss", "0.5")
          .commit();
    }
  }

  @Test
  void aMeetingThatCameToNothingIsCleanedUp() throws Exception {
    CheckpointStore mine = CheckpointStore.over(store, base, OPTIONS.withJob("a"));
    CheckpointWriter writer = mine.writer(1, 0, 2);
    assertThat(mine.clean()).isEmpty();
    assertThat(objects()).contains("meet/a-1-1");
    CheckpointStore again = CheckpointStore.over(store, base, OPTIONS.withJob("a"));
    assertThatThrownBy(() -> again.writer(1, 0, 2)).hasMessageContaining("withJob");
    again.abort(writer.attempt());
    again.clean();
    assertThat(objects()).noneMatch(key -> key.startsWith("meet/"));
  }

  @Test
  void aCommitNeedsEveryRank() throws Exception {
    SaveAttempt attempt = checkpoints.begin(1, 3);
    List<ShardDescription> shards = new ArrayList<>();
    for (int rank : new int[] {0, 2}) {
      shards.add(checkpoints.writer(attempt, rank).opaque(source(bytes(10, rank))).finish());
    }
    assertThatThrownBy(() -> checkpoints.commit(attempt, shards))
        .hasMessageContaining("2 of 3 ranks")
        .extracting("kind")
        .isEqualTo(Kind.INVALID);
    CheckpointStore hasty =
        CheckpointStore.over(store, base, OPTIONS.withPatience(Duration.ofMillis(20)));
    assertThatThrownBy(() -> hasty.gather(attempt))
        .hasMessageContaining("not 1")
        .extracting("kind")
        .isEqualTo(Kind.TIMEOUT);
    assertThat(checkpoints.reader().latest()).isEmpty();
    shards.add(
        ShardDescription.parse(
            checkpoints.writer(attempt, 1).opaque(source(bytes(10, 1))).finish().toJson()));
    assertThat(checkpoints.gather(attempt)).containsExactlyInAnyOrderElementsOf(shards);
    CheckpointInfo info = checkpoints.commit(attempt, shards);
    assertThat(checkpoints.commit(attempt, shards).slot()).isEqualTo(info.slot());
    assertThat(checkpoints.await(attempt).step()).isEqualTo(1);
  }

  @Test
  void ranksThatDifferAboutATensorAreNotCommitted() throws Exception {
    SaveAttempt attempt = checkpoints.begin(1, 2);
    List<ShardDescription> shards =
        List.of(
            checkpoints
                .writer(attempt, 0)
                .put("t", DType.U8, List.of(4L), source(bytes(4, 1)))
                .finish(),
            checkpoints
                .writer(attempt, 1)
                .put("t", DType.I8, List.of(4L), source(bytes(4, 1)))
                .finish());
    assertThatThrownBy(() -> checkpoints.commit(attempt, shards)).hasMessageContaining("'t' is U8");
  }

  @Test
  void aSlowerWriterDoesNotTakeLatestBack() throws Exception {
    SaveAttempt slow = checkpoints.begin(100, 1);
    ShardDescription shard = checkpoints.writer(slow, 0).opaque(source(bytes(10, 1))).finish();
    save(200);
    assertThatThrownBy(() -> checkpoints.commit(slow, List.of(shard)))
        .hasMessageContaining("step 200 is committed already")
        .extracting("kind")
        .isEqualTo(Kind.PRECONDITION_FAILED);
    assertThatThrownBy(() -> checkpoints.begin(200, 1)).hasMessageContaining("steps ascend");
    assertThat(steps()).containsExactly(200L);
  }

  @Test
  void ofTwoAttemptsAtAStepOneWins() throws Exception {
    SaveAttempt first = checkpoints.begin(3, 1);
    SaveAttempt second = checkpoints.begin(3, 1);
    ShardDescription a = checkpoints.writer(first, 0).opaque(source(bytes(10, 1))).finish();
    ShardDescription b = checkpoints.writer(second, 0).opaque(source(bytes(10, 2))).finish();
    checkpoints.commit(second, List.of(b));
    assertThatThrownBy(() -> checkpoints.commit(first, List.of(a)))
        .extracting("kind")
        .isEqualTo(Kind.PRECONDITION_FAILED);
    try (BytesView there = checkpoints.reader().loadLatest().orElseThrow()) {
      assertThat(there.toByteArray()).isEqualTo(bytes(10, 2));
    }
    assertThat(checkpoints.clean()).containsExactly(first.id());
    assertThat(objects()).noneMatch(key -> key.contains(first.id().toString()));
  }

  @Test
  void aRankIsWrittenOnce() throws Exception {
    SaveAttempt attempt = checkpoints.begin(1, 1);
    checkpoints.writer(attempt, 0).opaque(source(bytes(10, 1))).finish();
    assertThatThrownBy(() -> checkpoints.writer(attempt, 0).opaque(source(bytes(10, 2))).finish())
        .extracting("kind")
        .isEqualTo(Kind.ALREADY_EXISTS);
    checkpoints.writer(attempt, 0).opaque(source(bytes(10, 1))).finish(); // the same bytes
  }

  @Test
  void aByteThatChangedIsAnErrorAndNothingOlderIsGiven() throws Exception {
    save(1);
    CheckpointInfo info = save(2);
    for (String key : objects()) {
      boolean ofCheckpoint = key.contains(info.attempt().toString()) && !key.endsWith("/attempt");
      if (ofCheckpoint || key.endsWith("log/00000000000000000001.json")) {
        ObjectUri uri = base.resolve(key);
        byte[] before = content(uri);
        byte[] changed = before.clone();
        changed[changed.length / 2] ^= 1;
        store.put(uri, ByteBuffer.wrap(changed));
        assertThatThrownBy(() -> checkpoints.reader().loadLatest().ifPresent(BytesView::close))
            .as(key)
            .isInstanceOf(CorruptCheckpointException.class)
            .hasMessageContaining(key);
        store.delete(uri);
        if (!key.contains("log/")) {
          assertThatThrownBy(() -> checkpoints.reader().loadLatest().ifPresent(BytesView::close))
              .as(key)
              .isInstanceOf(CorruptCheckpointException.class)
              .hasMessageContaining("missing");
        }
        store.put(uri, ByteBuffer.wrap(before));
      }
    }
    try (BytesView there = checkpoints.reader().loadLatest().orElseThrow()) {
      assertThat(there.toByteArray()).isEqualTo(bytes(100, 2));
    }
  }

  private byte[] content(ObjectUri uri) throws ObjectStoreException {
    try (BytesView bytes = store.get(uri)) {
      return bytes.toByteArray();
    }
  }

  @Test
  void whoReadsWhatIsRetiredIsTold() throws Exception {
    save(1);
    Checkpoint old = checkpoints.reader().latest().orElseThrow();
    save(2);
    assertThat(checkpoints.retain(Retention.NEWEST)).extracting(CheckpointInfo::step).contains(1L);
    assertThatThrownBy(() -> old.readShard(0)).isInstanceOf(CheckpointGoneException.class);
    assertThatThrownBy(() -> checkpoints.reader().at(1))
        .hasMessageContaining("no checkpoint of step 1; there are [2]")
        .extracting("kind")
        .isEqualTo(Kind.NOT_FOUND);
    assertThat(checkpoints.reader().history())
        .extracting(CheckpointInfo::retired)
        .containsExactly(true, false);
  }

  @Test
  void keepsWhatAnyRuleKeeps() throws Exception {
    for (long step = 1; step <= 10; step++) {
      checkpoints
          .writer(step, 0, 1)
          .opaque(source(bytes(10, step)))
          .note("loss", step == 3 ? "0.1" : step == 5 ? "none" : "1." + step)
          .commit();
    }
    checkpoints.retain(Retention.NEWEST.orLast(2).orEvery(4).orLeast(1, "loss"));
    assertThat(steps()).containsExactly(3L, 4L, 8L, 9L, 10L);
    assertThat(objects().stream().filter(key -> key.endsWith(".bin"))).hasSize(5);
    checkpoints.retain(Retention.NEWEST);
    assertThat(steps()).containsExactly(10L);
  }

  @Test
  void trainingGoesOnFromAnEarlierStep() throws Exception {
    save(1);
    save(2);
    save(3);
    CheckpointWatch watch = checkpoints.reader().watch();
    assertThat(watch.poll()).isEmpty();
    checkpoints.rollbackTo(1);
    assertThat(steps()).containsExactly(1L);
    assertThat(watch.poll()).map(Checkpoint::step).contains(1L);
    assertThat(checkpoints.clean()).hasSize(2);
    save(2);
    assertThat(watch.await(Duration.ofSeconds(60))).map(Checkpoint::step).contains(2L);
    assertThat(watch.await(Duration.ofMillis(1))).isEmpty();
    assertThat(steps()).containsExactly(1L, 2L);
    assertThatThrownBy(() -> checkpoints.rollbackTo(3)).hasMessageContaining("there are [1, 2]");
  }

  @Test
  void anAttemptThatIsGivenUpCannotBeCommitted() throws Exception {
    save(1);
    SaveAttempt attempt = SaveAttempt.parse(checkpoints.begin(2, 1).toString());
    ShardDescription shard = checkpoints.writer(attempt, 0).opaque(source(bytes(9, 1))).finish();
    assertThat(checkpoints.clean()).isEmpty(); // it may be alive
    assertThat(checkpoints.unfinished()).containsExactly(attempt);
    checkpoints.abort(attempt);
    assertThat(checkpoints.unfinished()).isEmpty();
    assertThatThrownBy(() -> checkpoints.commit(attempt, List.of(shard)))
        .isInstanceOf(ObjectStoreException.class);
    assertThatThrownBy(() -> checkpoints.await(attempt)).hasMessageContaining("given up");
    assertThat(objects()).noneMatch(key -> key.contains(attempt.id().toString()));
    assertThat(steps()).containsExactly(1L);
    assertThat(checkpoints.reader().history()).hasSize(1);
  }

  /** As if the process had been killed in the middle of a shard: nobody goes on with it. */
  private MultipartUpload beginShard(SaveAttempt attempt) throws ObjectStoreException {
    ObjectUri shard = base.resolve("data/" + attempt.id() + "/rank-00000.bin");
    MultipartUpload upload = store.multipart(shard, 5 << 20, PutOptions.DEFAULT);
    upload.putPart(1, source(bytes(5 << 20, 1)));
    return upload;
  }

  @Test
  void aKilledWriterLeavesNothingAfterACleanUp() throws Exception {
    SaveAttempt dead = checkpoints.begin(2, 1);
    SaveAttempt alive = checkpoints.begin(9, 1);
    MultipartUpload late = beginShard(dead);
    beginShard(alive);
    int kept = base.scheme().equals("memory") ? 0 : 1;
    save(3);
    assertThat(store.unfinished(base)).hasSize(2 * kept);
    assertThat(checkpoints.clean()).containsExactly(dead.id());
    assertThat(store.unfinished(base)).as("that of the other may go on").hasSize(kept);
    checkpoints.abort(alive);
    assertThat(store.unfinished(base)).isEmpty();
    assertThat(objects()).allMatch(key -> key.matches("(log|data)/.*|latest.json|probe"));
    assertThat(objects())
        .noneMatch(key -> key.contains(dead.id() + "") || key.contains(alive.id() + ""));
    if (kept > 0) {
      assertThatThrownBy(late::complete).isInstanceOf(ObjectStoreException.class);
    }
  }

  @Test
  void whatALateWriterPutsIsFoundByTheNextCleanUp() throws Exception {
    SaveAttempt attempt = checkpoints.begin(2, 1);
    CheckpointWriter late = checkpoints.writer(attempt, 0).opaque(source(bytes(9, 1)));
    save(3);
    assertThat(checkpoints.clean()).containsExactly(attempt.id());
    ShardDescription shard = late.finish();
    assertThatThrownBy(() -> checkpoints.commit(attempt, List.of(shard)))
        .isInstanceOf(ObjectStoreException.class);
    assertThat(objects()).anyMatch(key -> key.contains(attempt.id().toString()));
    assertThat(checkpoints.clean()).containsExactly(attempt.id());
    assertThat(objects()).noneMatch(key -> key.contains(attempt.id().toString()));
    assertThat(steps()).containsExactly(3L);
  }

  /** A tensor of 40 x 3 floats, split by rows among the ranks, and one that only rank 0 has. */
  private CheckpointInfo saveTensors(CheckpointStore to, long step, int world, byte... content)
      throws ObjectStoreException {
    SaveAttempt attempt = to.begin(step, world);
    List<ShardDescription> shards = new ArrayList<>();
    for (int rank = 0; rank < world; rank++) {
      TensorSlice rows = TensorSlice.ofRank(List.of(40L, 3L), 0, rank, world);
      int from = (int) (rows.offsets().get(0) * 12);
      byte[] own = Arrays.copyOfRange(content, from, from + (int) (rows.shape().get(0) * 12));
      CheckpointWriter writer = to.writer(attempt, rank);
      writer.put("rows", DType.F32, List.of(40L, 3L), rows, source(own));
      if (rank == 0) {
        writer.put("one", DType.I64, List.of(), source(bytes(8, 7)));
      }
      shards.add(writer.finish());
    }
    return to.commit(attempt, shards);
  }

  @Test
  void readsTensorsHoweverTheyWereSplit() throws Exception {
    byte[] content = bytes(480, 3);
    saveTensors(checkpoints, 1, 3, content);
    Checkpoint latest = checkpoints.reader().latest().orElseThrow();
    assertThat(latest.tensors())
        .containsExactlyInAnyOrder(
            new CheckpointTensor("one", DType.I64, List.of()),
            new CheckpointTensor("rows", DType.F32, List.of(40L, 3L)));
    try (BytesView all = latest.read("rows")) {
      assertThat(all.toByteArray()).isEqualTo(content);
    }
    TensorSlice middle = new TensorSlice(List.of(10L, 0L), List.of(20L, 3L));
    ByteBuffer heap = ByteBuffer.allocate(240);
    ByteBuffer direct = ByteBuffer.allocateDirect(8);
    latest.read(
        List.of(
            new TensorRead("rows", middle, List.of(heap)),
            new TensorRead("one", TensorSlice.whole(List.of()), List.of(direct))));
    assertThat(heap.array()).isEqualTo(Arrays.copyOfRange(content, 120, 360));
    assertThat(direct).isEqualTo(ByteBuffer.wrap(bytes(8, 7)));
    latest.verify();
    latest.verifySample(1);
    assertThatThrownBy(() -> latest.read("none")).hasMessageContaining("no tensor 'none'");
    assertThatThrownBy(() -> latest.read("rows", TensorSlice.whole(List.of(41L, 3L))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTensorOfWhichAPartIsMissingIsNotCommitted() throws Exception {
    SaveAttempt attempt = checkpoints.begin(1, 1);
    TensorSlice half = new TensorSlice(List.of(0L), List.of(2L));
    ShardDescription shard =
        checkpoints
            .writer(attempt, 0)
            .put("t", DType.U8, List.of(4L), half, source(bytes(2, 1)))
            .finish();
    assertThatThrownBy(() -> checkpoints.commit(attempt, List.of(shard)))
        .hasMessageContaining("hole");
  }

  @Test
  void theHashOfTheTensorsDoesNotDependOnWhoSavedThem() throws Exception {
    byte[] content = bytes(480, 3);
    saveTensors(checkpoints, 1, 1, content);
    saveTensors(checkpoints, 2, 5, content);
    byte[] another = content.clone();
    another[479]++;
    saveTensors(checkpoints, 3, 5, another);
    CheckpointReader reader = checkpoints.reader();
    assertThat(reader.at(1).logicalHash()).isEqualTo(reader.at(2).logicalHash());
    assertThat(reader.at(1).differences(reader.at(2))).isEmpty();
    assertThat(reader.at(2).differences(reader.at(3))).containsExactly("rows");
    assertThat(reader.at(2).logicalHash()).isNotEqualTo(reader.at(3).logicalHash());
  }

  @Test
  void whatDidNotChangeIsReferredTo() throws Exception {
    checkpoints
        .writer(1, 0, 1)
        .put("frozen", DType.U8, List.of(100_000L), source(bytes(100_000, 1)))
        .put("moving", DType.U8, List.of(10L), source(bytes(10, 1)))
        .commit();
    for (long step = 2; step <= 3; step++) {
      CheckpointInfo info =
          checkpoints
              .writer(step, 0, 1)
              .put("frozen", DType.U8, List.of(100_000L), source(bytes(100_000, 1)))
              .put("moving", DType.U8, List.of(10L), source(bytes(10, step)))
              .unchangedFrom(checkpoints.reader().latest().orElseThrow())
              .commit();
      assertThat(info.bytes()).isLessThan(10_000);
      assertThat(info.tensors()).isEqualTo(2);
    }
    assertThat(checkpoints.retain(Retention.NEWEST))
        .extracting(CheckpointInfo::step)
        .containsExactly(2L); // nothing refers to it; step 1 has the bytes
    Checkpoint latest = checkpoints.reader().latest().orElseThrow();
    try (BytesView frozen = latest.read("frozen");
        BytesView moving = latest.read("moving")) {
      assertThat(frozen.toByteArray()).isEqualTo(bytes(100_000, 1));
      assertThat(moving.toByteArray()).isEqualTo(bytes(10, 3));
    }
    latest.verify();
    save(4);
    assertThat(checkpoints.expendable(Retention.NEWEST))
        .extracting(CheckpointInfo::step)
        .containsExactly(3L, 1L);
    assertThat(checkpoints.reader().list()).hasSize(3); // as they were
    assertThat(checkpoints.retain(Retention.NEWEST))
        .extracting(CheckpointInfo::step)
        .containsExactly(3L, 1L);
  }

  @Test
  void whereThereAreNoTensorsNoneAreUnchanged() throws Exception {
    save(1);
    Checkpoint first = checkpoints.reader().at(1);
    checkpoints.writer(2, 0, 1).opaque(source(bytes(100, 2))).unchangedFrom(first).commit();
    checkpoints.writer(3, 0, 1).unchangedFrom(first).commit();
    CheckpointReader reader = checkpoints.reader();
    try (BytesView there = reader.at(2).readShard(0)) {
      assertThat(there.toByteArray()).isEqualTo(bytes(100, 2));
    }
    assertThat(reader.at(3).tensors()).isEmpty();
  }

  @Test
  void isCopiedToAnotherPlace() throws Exception {
    byte[] content = bytes(480, 3);
    saveTensors(checkpoints, 1, 3, content);
    save(2);
    ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
    try (ObjectStore there = ObjectStores.open(bucket.toString())) {
      there.createBucket(bucket);
      try (CheckpointStore to = CheckpointStore.over(there, bucket, OPTIONS)) {
        Checkpoint first = checkpoints.reader().at(1);
        // As if it had been broken off.
        String own = first.info().attempt() + "/rank-00001.safetensors";
        try (BytesView shard = first.readShard(1)) {
          there.put(bucket.resolve("data/" + own), shard.asByteBuffer());
        }
        for (CheckpointInfo info : checkpoints.reader().list()) {
          CheckpointInfo copied = to.copy(checkpoints.reader().at(info.step()));
          assertThat(copied).isEqualTo(to.copy(checkpoints.reader().at(info.step())));
          assertThat(copied.committed()).isEqualTo(info.committed());
        }
        assertThat(first.differences(to.reader().at(1))).isEmpty();
        to.reader().at(1).verify();
        try (BytesView latest = to.reader().loadLatest().orElseThrow()) {
          assertThat(latest.toByteArray()).isEqualTo(bytes(100, 2));
        }
        to.retain(Retention.NEWEST);
        assertThatThrownBy(() -> to.copy(first)).hasMessageContaining("was given up");
      }
    }
  }

  @Test
  void trainingGoesOnWhileItIsSaved() throws Exception {
    byte[] state = bytes(2_000_000, 1);
    PendingSave pending =
        checkpoints
            .writer(1, 0, 1)
            .put("t", DType.U8, List.of((long) state.length), source(state))
            .commitAsync();
    Arrays.fill(state, (byte) 0);
    assertThat(pending.await().step()).isEqualTo(1);
    assertThat(pending.blocked()).isPositive();
    try (BytesView there = checkpoints.reader().latest().orElseThrow().read("t")) {
      assertThat(there.toByteArray()).isEqualTo(bytes(2_000_000, 1));
    }
  }

  @Test
  void savesInTheBackgroundKeepTheirOrder() throws Exception {
    try (CheckpointStore mine = CheckpointStore.over(store, base, OPTIONS)) {
      for (long step = 1; step <= 5; step++) {
        mine.writer(step, 0, 1).opaque(source(bytes((int) (600_000 / step), step))).commitAsync();
      }
    }
    assertThat(steps()).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void aSaveThatFailsInTheBackgroundIsHeardOf() throws Exception {
    SaveAttempt attempt = checkpoints.begin(1, 1);
    CheckpointWriter writer = checkpoints.writer(attempt, 0).opaque(source(bytes(10, 1)));
    checkpoints.abort(attempt);
    PendingSave pending = writer.commitAsync();
    assertThatThrownBy(() -> pending.future().get(60, TimeUnit.SECONDS))
        .hasMessageContaining("aborted");
    SaveAttempt another = checkpoints.begin(1, 1);
    CheckpointStore closed = CheckpointStore.over(store, base, OPTIONS);
    CheckpointWriter unheard = closed.writer(another, 0).opaque(source(bytes(10, 1)));
    closed.abort(another);
    unheard.commitAsync();
    assertThatThrownBy(closed::close).hasMessageContaining("aborted");
  }

  @Test
  void eightWritersOfManyStepsLeaveOneLine() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Optional<CheckpointInfo>>> all = new ArrayList<>();
      for (int i = 1; i <= 24; i++) {
        long step = i;
        all.add(threads.submit(() -> tryToSave(step)));
      }
      List<CheckpointInfo> committed = new ArrayList<>();
      for (Future<Optional<CheckpointInfo>> one : all) {
        one.get(60, TimeUnit.SECONDS).ifPresent(committed::add);
      }
      assertThat(checkpoints.reader().history()).containsExactlyInAnyOrderElementsOf(committed);
      assertThat(steps()).isSorted().last().isEqualTo(24L);
    } finally {
      threads.shutdownNow();
    }
  }

  private Optional<CheckpointInfo> tryToSave(long step) throws ObjectStoreException {
    try {
      return Optional.of(save(step));
    } catch (ObjectStoreException e) {
      assertThat(e.kind()).isEqualTo(Kind.PRECONDITION_FAILED);
      return Optional.empty();
    }
  }
}
