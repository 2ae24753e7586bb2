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
import io.s3dlio.checkpoint.CheckpointWriter;
import io.s3dlio.checkpoint.Retention;
import io.s3dlio.checkpoint.SaveAttempt;
import io.s3dlio.checkpoint.ShardDescription;
import io.s3dlio.checkpoint.TensorSlice;
import io.s3dlio.safetensors.DType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
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

  /** What rank 0 notes if its own tensor was not saved again. */
  private static final String UNCHANGED_SINCE = "unchanged-since";

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

  /** Another one beside it in the same store, from which copies come. */
  History elsewhere() {
    String key = base.key();
    return new History(store, base.withKey(key.substring(0, key.length() - 1) + "-elsewhere/"));
  }

  /**
   * Two checkpoints, an attempt that died between them, one that may still live, and what an action
   * needs besides.
   */
  void begin(Action action) throws ObjectStoreException {
    action.prepare(this);
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
      shards.add(writer(checkpoints, attempt, rank).finish());
    }
    return checkpoints.commit(attempt, world == 1 ? shards : checkpoints.gather(attempt));
  }

  /** The writer of a rank that has registered what it saves. */
  static CheckpointWriter writer(CheckpointStore checkpoints, SaveAttempt attempt, int rank)
      throws ObjectStoreException {
    return writer(checkpoints, attempt, rank, attempt.step());
  }

  /** The same, where its own tensor is as it was at some step. */
  private static CheckpointWriter writer(
      CheckpointStore checkpoints, SaveAttempt attempt, int rank, long ownStep)
      throws ObjectStoreException {
    TensorSlice rows = new TensorSlice(List.of(rank * 5L, 0L), List.of(5L, 10L));
    List<Long> shape = List.of(attempt.worldSize() * 5L, 10L);
    return checkpoints
        .writer(attempt, rank)
        .put("own" + rank, DType.U8, List.of(50L), state(ownStep, rank))
        .put("all", DType.U8, shape, rows, state(attempt.step(), rank));
  }

  /** One rank saves; its own tensor is as it was in an earlier checkpoint, and lies there. */
  static void saveUnchanged(CheckpointStore checkpoints, long step, long earlier)
      throws ObjectStoreException {
    Checkpoint base = checkpoints.reader().at(earlier);
    SaveAttempt attempt = checkpoints.begin(step, 1);
    ShardDescription shard =
        writer(checkpoints, attempt, 0, earlier)
            .unchangedFrom(base)
            .note(UNCHANGED_SINCE, Long.toString(earlier))
            .finish();
    checkpoints.commit(attempt, List.of(shard));
  }

  private static ByteSource state(long step, int rank) {
    return ByteSources.of(ByteBuffer.wrap(content(step, rank)));
  }

  private static byte[] content(long step, int rank) {
    byte[] bytes = new byte[50];
    new Random(step * 1000 + rank).nextBytes(bytes);
    return bytes;
  }

  /** That each rank's shard ends with what it saved, and what it did not save again is there. */
  static void assertWhole(Checkpoint checkpoint) throws ObjectStoreException {
    String unchangedSince = checkpoint.notes().get(UNCHANGED_SINCE);
    for (int rank = 0; rank < checkpoint.worldSize(); rank++) {
      byte[] content = content(checkpoint.step(), rank);
      byte[] saved = content;
      if (unchangedSince == null) {
        saved = Arrays.copyOf(content, 2 * content.length);
        System.arraycopy(content, 0, saved, content.length, content.length);
      } else {
        try (BytesView own = checkpoint.read("own" + rank)) {
          assertThat(own.toByteArray()).isEqualTo(content(Long.parseLong(unchangedSince), rank));
        }
      }
      try (BytesView shard = checkpoint.readShard(rank)) {
        assertThat(shard.toByteArray()).as("%s, rank %d", checkpoint, rank).endsWith(saved);
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
    goOn(checkpoints, action);
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

  /**
   * Training goes on: with the step that failed, or the next one. Before that a copy is resumed,
   * and what nobody needs is given up.
   */
  private void goOn(CheckpointStore checkpoints, Action action) throws ObjectStoreException {
    if (action == Action.COPY) {
      action.run(this, store);
      assertThat(checkpoints.reader().latest().orElseThrow().step()).isEqualTo(NEXT);
    }
    checkpoints.retain(Retention.NEWEST);
    assertWhole(checkpoints.reader().latest().orElseThrow());
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

  /** All its objects, by their names in it, to be {@linkplain #put put} elsewhere. */
  Map<String, byte[]> contents() throws ObjectStoreException {
    Map<String, byte[]> contents = new TreeMap<>();
    for (ObjectUri uri : uris()) {
      try (BytesView bytes = store.get(uri)) {
        contents.put(uri.key().substring(base.key().length()), bytes.toByteArray());
      }
    }
    return contents;
  }

  /** Makes it like another one, which is faster than to begin it. */
  void put(Map<String, byte[]> contents) throws ObjectStoreException {
    for (Map.Entry<String, byte[]> object : contents.entrySet()) {
      store.put(base.resolve(object.getKey()), ByteBuffer.wrap(object.getValue()));
    }
  }

  private List<String> objects() {
    return uris().stream().map(uri -> uri.key().substring(base.key().length())).toList();
  }

  private List<ObjectUri> uris() {
    try (Stream<ObjectMeta> all = store.list(base)) {
      return all.map(ObjectMeta::uri).toList();
    }
  }

  /** Takes all of it away. */
  void delete() throws ObjectStoreException {
    store.deleteAll(uris());
    store.deleteAll(elsewhere().uris());
  }
}
