package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.testkit.fault.BackendCall;
import io.s3dlio.testkit.fault.BackendFault;
import io.s3dlio.testkit.fault.FaultyBackend;
import io.s3dlio.testkit.fault.Schedule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CommitLogTest {

  private static final Summary SUMMARY = new Summary(java.time.Instant.EPOCH, 1, 1, 8);

  private final ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
  private final ObjectUri base = bucket.resolve("run/");

  private ObjectStore store() throws Exception {
    ObjectStore store = ObjectStores.open(bucket.toString(), StoreConfig.defaults());
    store.createBucket(bucket);
    return store;
  }

  private CommitLog log(ObjectStore store) {
    Places places = Places.under(base);
    return new CommitLog(store, places, new Exclusive(store, places, false));
  }

  @Test
  void eightWritersTakeTurns() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (ObjectStore store = store()) {
      CommitLog log = log(store);
      List<Future<LogRecord>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        Change change = new Change.Abort(new UUID(0, i));
        all.add(threads.submit(() -> log.append(change, Optional.empty())));
      }
      List<Long> slots = new ArrayList<>();
      for (Future<LogRecord> one : all) {
        slots.add(one.get(60, TimeUnit.SECONDS).slot());
      }
      assertThat(slots).doesNotHaveDuplicates().hasSize(64);
      assertThat(log.last()).map(LogRecord::slot).contains(63L);
      Optional<LogRecord> before = Optional.empty();
      for (long slot = 0; slot < 64; slot++) {
        LogRecord record = log.read(slot).orElseThrow();
        assertThat(record.previous()).isEqualTo(before.map(RecordText::hash).orElse(""));
        before = Optional.of(record);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aHintThatLiesIsNotBelieved() throws Exception {
    try (ObjectStore store = store()) {
      CommitLog log = log(store);
      Change.Commit commit =
          new Change.Commit(new UUID(0, 1), 7, Sha256.of(new byte[0]), List.of(), SUMMARY);
      log.append(commit, Optional.empty());
      for (String hint : List.of("99", "-1", "x", "", "999999999999999999999999")) {
        store.put(
            base.resolve("latest.json"), ByteBuffer.wrap(hint.getBytes(StandardCharsets.UTF_8)));
        assertThat(log.last().orElseThrow().ledger().newest().orElseThrow().commit())
            .isEqualTo(commit);
      }
    }
  }

  /** A store whose calls are seen, and struck. */
  private ObjectStore over(FaultyBackend faulty) throws Exception {
    StoreConfig config = StoreConfig.defaults();
    return ObjectStore.over(faulty, Set.of("memory"), config, BufferPool.ofLimit(16 << 20));
  }

  private FaultyBackend backend() throws Exception {
    store().close(); // the bucket stays
    return new FaultyBackend(
        ObjectStores.backend(bucket, StoreConfig.defaults(), RequestListener.NONE));
  }

  /** Another writer is faster. */
  private static void win(CommitLog log, int race) {
    try {
      log.append(new Change.Abort(new UUID(1, race)), Optional.empty());
    } catch (ObjectStoreException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isRecord(BackendCall call) {
    return call.method().equals("put") && call.uri().key().contains("/log/");
  }

  /** Of a store of files it may not be on the disk yet, and a slot that is taken is. */
  @Test
  void whatIsFoundIsCreatedOnceMoreBeforeItCounts() throws Exception {
    FaultyBackend faulty = backend();
    try (ObjectStore store = over(faulty)) {
      Change change = new Change.Abort(new UUID(0, 1));
      LogRecord first = log(store).append(change, Optional.empty());
      CommitLog again = log(store);
      faulty.reset();
      assertThat(again.append(change, Optional.empty())).isEqualTo(first);
      assertThat(faulty.calls()).filteredOn(CommitLogTest::isRecord).hasSize(1);
      faulty.inject(
          BackendFault.FAIL,
          Schedule.<BackendCall>once().matching(CommitLogTest::isRecord).times(4));
      assertThat(again.append(change, Optional.empty())).isEqualTo(first);
      faulty.inject(
          BackendFault.FAIL, Schedule.<BackendCall>always().matching(CommitLogTest::isRecord));
      assertThatThrownBy(() -> again.append(change, Optional.empty()))
          .isInstanceOf(ObjectStoreException.class);
    }
  }

  @Test
  void anAnswerThatIsLostIsFoundOutHoweverManyRacesWereLostBefore() throws Exception {
    FaultyBackend faulty = backend();
    try (ObjectStore others = ObjectStores.open(bucket.toString(), StoreConfig.defaults());
        ObjectStore store = over(faulty)) {
      CommitLog log = log(store);
      AtomicInteger races = new AtomicInteger();
      faulty.onFault(
          call -> {
            if (call.fault().equals(Optional.of(BackendFault.DELAY))) {
              win(log(others), races.getAndIncrement());
            }
          });
      faulty.inject(
          BackendFault.DELAY,
          Schedule.<BackendCall>once().matching(CommitLogTest::isRecord).times(6));
      faulty.inject(
          BackendFault.FAIL_AFTER, Schedule.<BackendCall>once().matching(CommitLogTest::isRecord));
      Change change = new Change.Abort(new UUID(0, 1));
      assertThat(log.append(change, Optional.empty()).slot()).isEqualTo(6);
      assertThat(log.last()).map(LogRecord::change).contains(change);
    }
  }

  @Test
  void theLastAnswerThatIsLostIsFoundOutToo() throws Exception {
    FaultyBackend faulty = backend();
    try (ObjectStore store = over(faulty)) {
      faulty.inject(
          BackendFault.FAIL,
          Schedule.<BackendCall>once().matching(CommitLogTest::isRecord).times(4));
      faulty.inject(
          BackendFault.FAIL_AFTER, Schedule.<BackendCall>once().matching(CommitLogTest::isRecord));
      Change change = new Change.Abort(new UUID(0, 1));
      assertThat(log(store).append(change, Optional.empty()).slot()).isZero();
    }
  }

  @Test
  void whatDoesNotArriveIsSentFiveTimes() throws Exception {
    FaultyBackend faulty = backend();
    try (ObjectStore store = over(faulty)) {
      faulty.inject(
          BackendFault.FAIL, Schedule.<BackendCall>always().matching(CommitLogTest::isRecord));
      assertThatThrownBy(
              () -> log(store).append(new Change.Abort(new UUID(0, 1)), Optional.empty()))
          .extracting("kind")
          .isEqualTo(Kind.UNAVAILABLE);
      assertThat(faulty.fired()).hasSize(5);
    }
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aSlotThatIsTakenByNothingIsAnError(@TempDir Path directory) throws Exception {
    Path log = Files.createDirectory(directory.resolve("log"));
    Files.createSymbolicLink(log.resolve("0".repeat(20) + ".json"), directory.resolve("nothing"));
    ObjectUri place = ObjectUri.parse("file://" + directory + "/");
    try (ObjectStore store = ObjectStores.open(place.toString(), StoreConfig.defaults());
        CheckpointStore checkpoints =
            CheckpointStore.over(store, place, CheckpointOptions.DEFAULT)) {
      SaveAttempt attempt = checkpoints.begin(1, 1);
      assertThatThrownBy(() -> checkpoints.abort(attempt))
          .isInstanceOf(CorruptCheckpointException.class)
          .hasMessageContaining("log/" + "0".repeat(20) + ".json");
    }
  }
}
