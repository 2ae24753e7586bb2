package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.layer.Layer;
import io.s3dlio.safetensors.DType;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is given up is what may go when it goes, whatever others do at the same time. */
class SweeperTest extends InMemory {

  private final Deque<Event> events = new ArrayDeque<>();
  private ObjectStore disturbed;

  /** Something that another process does. */
  private interface Event {
    void happen() throws ObjectStoreException;
  }

  /** Before each record arrives, or manifest is read, the next event takes place. */
  private final class Disturbing extends ForwardingBackend {
    Disturbing(StoreBackend backend) {
      super(backend);
    }

    @Override
    public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
      return before(uri.key().startsWith("log/"), () -> super.put(uri, payload, options));
    }

    @Override
    public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
      return before(uri.key().endsWith("/manifest.json"), () -> super.read(uri, request, receiver));
    }

    private <T> CompletableFuture<T> before(boolean now, Supplier<CompletableFuture<T>> call) {
      Event event = now ? events.poll() : null;
      try {
        if (event != null) {
          event.happen();
        }
        return call.get();
      } catch (ObjectStoreException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }

  @BeforeEach
  void openDisturbed() throws Exception {
    Layer layer = Disturbing::new;
    disturbed =
        ObjectStores.open(bucket, StoreConfig.defaults(), RequestListener.NONE, List.of(layer));
  }

  @AfterEach
  void closeDisturbed() throws Exception {
    disturbed.close();
  }

  private CheckpointWriter writer(long step) throws ObjectStoreException {
    return checkpoints
        .writer(step, 0, 1)
        .put("t", DType.U8, List.of(1L), ByteSources.of(ByteBuffer.wrap(new byte[] {1})));
  }

  private void save(int count) throws ObjectStoreException {
    for (long step = 1; step <= count; step++) {
      writer(step).commit();
    }
  }

  private List<Long> steps() throws ObjectStoreException {
    return checkpoints.reader().list().stream().map(CheckpointInfo::step).toList();
  }

  /** Retains through a store where others are busy. */
  private List<Long> retainDisturbed(Retention retention, Event... what)
      throws ObjectStoreException {
    events.addAll(List.of(what));
    try (CheckpointStore busy =
        CheckpointStore.over(disturbed, bucket, CheckpointOptions.DEFAULT)) {
      List<Long> retired = busy.retain(retention).stream().map(CheckpointInfo::step).toList();
      assertThat(events).as("what has not happened").isEmpty();
      return retired;
    }
  }

  @Test
  void aRollbackChangesWhatIsKept() throws Exception {
    save(10);
    assertThat(retainDisturbed(Retention.NEWEST.orLast(3), () -> checkpoints.rollbackTo(5)))
        .containsExactly(2L, 1L);
    assertThat(steps()).containsExactly(3L, 4L, 5L);
  }

  /** Between the third record of the plan and the one before it. */
  @Test
  void soItDoesInTheMiddle() throws Exception {
    save(10);
    List<Long> retired =
        retainDisturbed(
            Retention.NEWEST.orLast(3), () -> {}, () -> {}, () -> checkpoints.rollbackTo(4));
    assertThat(retired).containsExactly(7L, 6L, 1L);
    assertThat(steps()).containsExactly(2L, 3L, 4L);
  }

  @Test
  void whatANewCheckpointRefersToStays() throws Exception {
    save(2);
    Checkpoint first = checkpoints.reader().at(1);
    List<Long> retired =
        retainDisturbed(Retention.NEWEST, () -> writer(3).unchangedFrom(first).commit());
    assertThat(retired).containsExactly(2L);
    assertThat(steps()).containsExactly(1L, 3L);
    checkpoints.reader().at(3).verify();
  }

  @Test
  void whoReadsNotesOfWhatGoesMeanwhileLooksAgain() throws Exception {
    for (long step = 1; step <= 4; step++) {
      writer(step).note("loss", "0." + step).commit();
    }
    Retention retention = Retention.NEWEST.orLeast(1, "loss");
    List<Long> retired =
        retainDisturbed(retention, () -> {}, () -> checkpoints.retain(Retention.NEWEST.orEvery(3)));
    assertThat(retired).isEmpty();
    assertThat(steps()).containsExactly(3L, 4L);
    events.add(() -> checkpoints.retain(Retention.NEWEST));
    try (CheckpointStore busy =
        CheckpointStore.over(disturbed, bucket, CheckpointOptions.DEFAULT)) {
      assertThat(busy.expendable(retention)).isEmpty();
    }
    assertThat(steps()).containsExactly(4L);
  }
}
