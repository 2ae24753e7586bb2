package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.safetensors.DType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cannot become a checkpoint at another place is not copied there. */
class CopyTest {

  private final ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
  private final ObjectUri target = bucket.resolve("to/");
  private final AtomicInteger readsOfItsLog = new AtomicInteger();
  private ObjectStore store;
  private CheckpointStore from;
  private CheckpointStore to;

  @BeforeEach
  void open() throws Exception {
    String log = target.resolve("log/").key();
    RequestListener counting =
        event -> {
          if (event.operation().equals("get") && event.uri().key().startsWith(log)) {
            readsOfItsLog.incrementAndGet();
          }
        };
    store = ObjectStores.open(bucket, StoreConfig.defaults(), counting);
    store.createBucket(bucket);
    from = CheckpointStore.over(store, bucket.resolve("from/"), CheckpointOptions.DEFAULT);
    to = CheckpointStore.over(store, target, CheckpointOptions.DEFAULT);
  }

  @AfterEach
  void close() throws Exception {
    from.close();
    to.close();
    store.close();
  }

  private static CheckpointWriter writer(CheckpointStore checkpoints, long step)
      throws ObjectStoreException {
    return checkpoints
        .writer(step, 0, 1)
        .put("t", DType.U8, List.of(1L), ByteSources.of(ByteBuffer.wrap(new byte[] {1})));
  }

  private Checkpoint save(long step) throws ObjectStoreException {
    writer(from, step).commit();
    return from.reader().at(step);
  }

  private List<ObjectUri> copied(Checkpoint checkpoint) {
    ObjectUri place = target.resolve("data/" + checkpoint.info().attempt() + "/");
    try (Stream<ObjectMeta> all = store.list(place)) {
      return all.map(ObjectMeta::uri).toList();
    }
  }

  private List<Long> stepsThere() throws ObjectStoreException {
    return to.reader().list().stream().map(CheckpointInfo::step).toList();
  }

  private void assertRefusedAtOnce(Checkpoint checkpoint, String why) {
    assertThatThrownBy(() -> to.copy(checkpoint))
        .hasMessageContaining("step " + checkpoint.step() + ": ")
        .hasMessageContaining(why)
        .extracting("kind")
        .isEqualTo(Kind.PRECONDITION_FAILED);
    assertThat(copied(checkpoint)).isEmpty();
  }

  @Test
  void aStepBeforeTheNewestIsRefused() throws Exception {
    writer(to, 5).commit();
    assertRefusedAtOnce(save(3), "step 5 is committed already");
    assertRefusedAtOnce(save(5), "step 5 is committed already");
    to.copy(save(6));
    assertThat(stepsThere()).containsExactly(5L, 6L);
  }

  @Test
  void whatRefersToAnotherComesAfterIt() throws Exception {
    Checkpoint first = save(1);
    writer(from, 2).unchangedFrom(first).commit();
    Checkpoint second = from.reader().at(2);
    assertRefusedAtOnce(second, "the checkpoint whose bytes it refers to is gone");
    to.copy(first);
    to.copy(second);
    to.reader().at(2).verify();
  }

  @Test
  void whatWasGivenUpThereIsRefused() throws Exception {
    Checkpoint brokenOff = save(1);
    SaveAttempt attempt = new SaveAttempt(brokenOff.info().attempt(), 1, 1, -1);
    ObjectUri marker = target.resolve("data/" + attempt.id() + "/attempt");
    store.put(marker, ByteBuffer.wrap(attempt.toString().getBytes(UTF_8)));
    assertThat(to.isGivenUp(attempt.id())).isFalse();
    to.abort(attempt);
    assertRefusedAtOnce(brokenOff, "was given up");

    Checkpoint retired = save(2);
    Checkpoint kept = save(3);
    Checkpoint rolledBack = save(4);
    for (Checkpoint one : List.of(retired, kept, rolledBack)) {
      to.copy(one);
    }
    to.rollbackTo(3);
    to.retain(Retention.NEWEST);
    to.clean();
    for (Checkpoint gone : List.of(brokenOff, retired, rolledBack)) {
      assertThat(to.isGivenUp(gone.info().attempt())).isTrue();
      assertRefusedAtOnce(gone, "was given up");
    }
    assertThat(to.isGivenUp(kept.info().attempt())).isFalse();
    assertThat(stepsThere()).containsExactly(3L);
  }

  @Test
  void theLogIsNotReadAnewForEachCopy() throws Exception {
    int count = 30;
    for (long step = 1; step <= count; step++) {
      save(step);
    }
    for (long step = 1; step <= count; step++) {
      to.copy(from.reader().at(step));
    }
    assertThat(stepsThere()).hasSize(count);
    assertThat(readsOfItsLog.get()).isBetween(count, 5 * count);
  }

  @Test
  void aPlaceThatWasEmptiedIsLookedAtAgain() throws Exception {
    Checkpoint checkpoint = save(1);
    to.copy(checkpoint);
    assertThat(to.isGivenUp(checkpoint.info().attempt())).isFalse(); // reads the record
    store.deletePrefix(target);
    to.copy(checkpoint);
    assertThat(copied(checkpoint)).isNotEmpty();
    to.reader().at(1).verify();
  }
}
