package io.s3dlio.checkpoint.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.checkpoint.Checkpoint;
import io.s3dlio.checkpoint.CheckpointInfo;
import io.s3dlio.checkpoint.CheckpointOptions;
import io.s3dlio.checkpoint.CheckpointStore;
import io.s3dlio.checkpoint.SaveAttempt;
import io.s3dlio.checkpoint.ShardDescription;
import io.s3dlio.checkpoint.TensorSlice;
import io.s3dlio.safetensors.DType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A small history of checkpoints, and what must hold of it whatever has struck: a reader sees what
 * was there before or what was there after, each whole; what was acknowledged is there; what was
 * begun can be done again; and of what failed nothing stays behind once it is cleaned up.
 *
 * @param store reaches it unharmed
 * @param base where it lies
 */
record History(ObjectStore store, ObjectUri base) {

  static final long FIRST = 10;
  static final long SECOND = 20;
  static final long NEXT = 30;

  private static final long DEAD = 15;
  private static final long PENDING = 25;

  private static final CheckpointOptions OPTIONS =
      CheckpointOptions.DEFAULT
          .withPatience(Duration.ofMillis(1)) // what is not there comes no more
          .withPoll(Duration.ofMillis(1));

  /** The history as a process sees it that has just started. */
  CheckpointStore open() {
    return open(store);
  }

  /** The same through another way. */
  CheckpointStore open(ObjectStore way) {
    return CheckpointStore.over(way, base, OPTIONS);
  }

  /** Two checkpoints, an attempt that died between them, and one that may still live. */
  void begin() throws ObjectStoreException {
    CheckpointStore checkpoints = open();
    save(checkpoints, FIRST, 1);
    SaveAttempt dead = checkpoints.begin(DEAD, 2);
    checkpoints.writer(dead, 1).opaque(state(DEAD, 1)).finish();
    save(checkpoints, SECOND, 2);
    SaveAttempt pending = checkpoints.begin(PENDING, 1);
    checkpoints.writer(pending, 0).opaque(state(PENDING, 0)).finish();
  }

  static CheckpointInfo save(CheckpointStore checkpoints, long step, int world)
      throws ObjectStoreException {
    SaveAttempt attempt = checkpoints.begin(step, world);
    List<ShardDescription> shards = new ArrayList<>();
    for (int rank = 0; rank < world; rank++) {
      TensorSlice rows = new TensorSlice(List.of(rank * 5L, 0L), List.of(5L, 10L));
      shards.add(
          checkpoints
              .writer(attempt, rank)
              .put("own" + rank, DType.U8, List.of(50L), state(step, rank))
              .put("all", DType.U8, List.of(world * 5L, 10L), rows, state(step, rank))
              .finish());
    }
    return checkpoints.commit(attempt, world == 1 ? shards : checkpoints.gather(attempt));
  }

  private static ByteSource state(long step, int rank) {
    return ByteSources.of(ByteBuffer.wrap(content(step, rank)));
  }

  private static byte[] content(long step, int rank) {
    byte[] bytes = new byte[50];
    new Random(step * 1000 + rank).nextBytes(bytes);
    return bytes;
  }

  /** That each rank's shard ends with what it saved. */
  static void assertWhole(Checkpoint checkpoint) throws ObjectStoreException {
    for (int rank = 0; rank < checkpoint.worldSize(); rank++) {
      try (BytesView shard = checkpoint.readShard(rank)) {
        byte[] content = content(checkpoint.step(), rank);
        byte[] all = shard.toByteArray();
        byte[] twice = new byte[2 * content.length];
        System.arraycopy(content, 0, twice, 0, content.length);
        System.arraycopy(content, 0, twice, content.length, content.length);
        assertThat(all).as("%s, rank %d", checkpoint, rank).endsWith(twice);
      }
    }
  }

  /**
   * Checks all of it.
   *
   * @param acknowledged whether the action has returned, and not thrown
   */
  void check(Action action, boolean acknowledged) throws ObjectStoreException {
    CheckpointStore checkpoints = open();
    checkSeen(checkpoints, action, acknowledged);
    goOn(checkpoints);
    checkNothingStays(checkpoints);
  }

  private static void checkSeen(CheckpointStore checkpoints, Action action, boolean acknowledged)
      throws ObjectStoreException {
    Set<Long> before = new TreeSet<>(Set.of(FIRST, SECOND));
    Set<Long> after = new TreeSet<>(before);
    after.addAll(action.made());
    after.removeAll(action.givenUp());
    List<CheckpointInfo> there = checkpoints.reader().list();
    Set<Long> steps = there.stream().map(CheckpointInfo::step).collect(Collectors.toSet());
    assertThat(steps).isIn(acknowledged ? List.of(after) : List.of(before, after));
    for (long step : steps) {
      assertWhole(checkpoints.reader().at(step));
    }
    Checkpoint latest = checkpoints.reader().latest().orElseThrow();
    assertThat(latest.step()).isEqualTo(new TreeSet<>(steps).last());
    assertWhole(latest);
    assertThat(checkpoints.reader().history())
        .filteredOn(info -> !info.retired())
        .containsExactlyElementsOf(there);
  }

  /** Training goes on: with the step that failed, or the next one. */
  private static void goOn(CheckpointStore checkpoints) throws ObjectStoreException {
    long newest = checkpoints.reader().latest().orElseThrow().step();
    assertThatThrownBy(() -> checkpoints.begin(newest, 1))
        .extracting("kind")
        .isEqualTo(Kind.PRECONDITION_FAILED);
    long step = Math.max(NEXT, newest + 1);
    save(checkpoints, step, 1);
    Checkpoint latest = checkpoints.reader().latest().orElseThrow();
    assertThat(latest.step()).isEqualTo(step);
    assertWhole(latest);
  }

  private void checkNothingStays(CheckpointStore checkpoints) throws ObjectStoreException {
    for (SaveAttempt attempt : checkpoints.unfinished()) {
      checkpoints.abort(attempt);
    }
    checkpoints.clean();
    assertThat(checkpoints.clean()).isEmpty();
    Set<String> live =
        checkpoints.reader().list().stream()
            .map(info -> info.attempt().toString())
            .collect(Collectors.toSet());
    assertThat(objects())
        .filteredOn(key -> !key.startsWith("data/") || !live.contains(key.split("/")[1]))
        .filteredOn(key -> !key.startsWith("log/"))
        .isSubsetOf("latest.json", "probe");
  }

  private List<String> objects() {
    try (Stream<ObjectMeta> all = store.list(base)) {
      return all.map(one -> one.uri().key().substring(base.key().length())).toList();
    }
  }

  /** Takes all of it away. */
  void delete() throws ObjectStoreException {
    List<ObjectUri> uris;
    try (Stream<ObjectMeta> all = store.list(base)) {
      uris = all.map(ObjectMeta::uri).toList();
    }
    store.deleteAll(uris);
  }
}
