package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nobody could read again is not written. */
class WrittenLimitsTest {

  private final ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
  private final ObjectUri base = bucket.resolve("run/");
  private ObjectStore store;
  private CheckpointStore checkpoints;

  @BeforeEach
  void open() throws Exception {
    store = ObjectStores.open(bucket.toString(), StoreConfig.defaults());
    store.createBucket(bucket);
    checkpoints = CheckpointStore.over(store, base, CheckpointOptions.DEFAULT);
  }

  @AfterEach
  void close() throws Exception {
    checkpoints.close();
    store.close();
  }

  private CheckpointWriter writer() throws ObjectStoreException {
    return checkpoints
        .writer(1, 0, 1)
        .opaque(ByteSources.of(ByteBuffer.wrap(new byte[] {1, 2, 3})));
  }

  @Test
  void recordsOfTooManyCheckpoints() throws Exception {
    Summary summary = new Summary(Instant.EPOCH, 1, 1, 8);
    String sha256 = "ab".repeat(32);
    List<Ledger.Live> live = new ArrayList<>();
    for (int i = 0; i < 80_000; i++) {
      live.add(
          new Ledger.Live(new Change.Commit(new UUID(1, i), i, sha256, List.of(), summary), i));
    }
    Change.Commit last = live.get(live.size() - 1).commit();
    LogRecord record = new LogRecord(79_999, last, sha256, new Ledger(live));
    Places places = Places.under(base);
    CommitLog log = new CommitLog(store, places, new Exclusive(store, places, false));

    Change.Commit more = new Change.Commit(new UUID(2, 0), 80_000, sha256, List.of(), summary);
    ObjectStoreException e =
        catchThrowableOfType(
            ObjectStoreException.class, () -> log.append(more, Optional.of(record)));
    assertThat(e.kind()).isEqualTo(Kind.PRECONDITION_FAILED);
    assertThat(e).hasMessageContaining("80001 checkpoints").hasMessageContaining("retire");
    assertThat(log.read(80_000)).isEmpty();

    LogRecord fewer = log.append(new Change.Rollback(new UUID(1, 60_000)), Optional.of(record));
    assertThat(log.read(80_000)).contains(fewer);
  }

  /** As docs/checkpoints.md says. */
  @Test
  void whatACheckpointTakesInARecord() {
    Instant time = Instant.parse("2026-01-02T03:04:05.678901Z");
    Summary small = new Summary(time, 1, 1, 100);
    Summary large = new Summary(time.plusNanos(1), 1024, 12_345, 123_456_789_012_345L);
    assertThat(sizeOf(1, 10, List.of(), small)).isBetween(230, 280);
    assertThat(sizeOf(100_000, 10_000_000, List.of(), large)).isBetween(230, 280);
    UUID base = new UUID(3, 4);
    assertThat(sizeOf(1, 10, List.of(base, base), small) - sizeOf(1, 10, List.of(base), small))
        .isEqualTo(39);
  }

  /** How much longer a record gets by one that it carries. */
  private static int sizeOf(long slot, long step, List<UUID> bases, Summary summary) {
    String sha256 = "ab".repeat(32);
    Change.Commit commit = new Change.Commit(new UUID(1, 2), step, sha256, bases, summary);
    Ledger.Live live = new Ledger.Live(commit, slot);
    Change change = new Change.Abort(new UUID(5, 6));
    LogRecord two = new LogRecord(9, change, sha256, new Ledger(List.of(live, live)));
    LogRecord one = new LogRecord(9, change, sha256, new Ledger(List.of(live)));
    return RecordText.encode(two).length - RecordText.encode(one).length;
  }

  @Test
  void notesOfTooLongOrNoText() throws Exception {
    String longest = "x".repeat(1 << 16);
    CheckpointWriter writer = writer().note(longest, longest);
    assertThatThrownBy(() -> writer.note(longest + "x", "v"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.note("n", longest + "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.note("n", "\ud800"))
        .isInstanceOf(IllegalArgumentException.class);
    writer.commit();
    assertThat(checkpoints.reader().latest().orElseThrow().notes())
        .containsEntry(longest, longest)
        .hasSize(1);
  }

  @Test
  void moreNotesThanADescriptionTakes() throws Exception {
    CheckpointWriter writer = writer();
    String value = "x".repeat(1 << 16);
    for (int i = 0; i < 1025; i++) {
      writer.note("n" + i, value);
    }
    ObjectStoreException e = catchThrowableOfType(ObjectStoreException.class, writer::commit);
    assertThat(e.kind()).isEqualTo(Kind.INVALID);
    assertThat(e).hasMessageContaining("67108864");
    try (Stream<ObjectMeta> all = store.list(base)) {
      assertThat(all.map(one -> one.uri().key()))
          .noneMatch(key -> key.contains("/rank-00000.json"));
    }
    assertThat(checkpoints.reader().latest()).isEmpty();
  }
}
