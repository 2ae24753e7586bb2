package io.s3dlio.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.GetItem;
import io.s3dlio.GetManyResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.StoreBackend;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyBackendTest {

  private static final StoreConfig CONFIG =
      StoreConfig.defaults()
          .with(StoreConfig.PART_SIZE, "64KiB")
          .with(StoreConfig.MULTIPART_THRESHOLD, "64KiB");

  private final ObjectUri uri = ObjectUri.parse("memory://bucket/key");
  private final byte[] bytes = new byte[200_000];
  private FaultyBackend faulty;
  private ObjectStore store;

  @BeforeEach
  void open() throws ObjectStoreException {
    faulty = new FaultyBackend(ObjectStores.backend(uri, CONFIG, RequestListener.NONE));
    store = ObjectStore.over(faulty, Set.of("memory"), CONFIG, BufferPool.ofLimit(8 << 20));
    put();
    faulty.reset();
  }

  @AfterEach
  void close() throws ObjectStoreException {
    store.close();
  }

  private void put() throws ObjectStoreException {
    store.put(uri, ByteSources.of(ByteBuffer.wrap(bytes)), PutOptions.DEFAULT);
  }

  private byte[] read() throws ObjectStoreException {
    try (BytesView view = store.get(uri)) {
      ByteBuffer copy = ByteBuffer.allocate((int) view.size());
      return copy.put(view.asByteBuffer()).array();
    }
  }

  private static Kind kind(Throwable e) {
    return ((ObjectStoreException) e).kind();
  }

  /** What a backend owes to who cancels, a decorator owes as well. */
  @Test
  void anUploadThatIsGivenUpIsGivenUpBelowOrAborted() throws Exception {
    CompletableFuture<PartUpload> begun = new CompletableFuture<>();
    StoreBackend slow =
        new ForwardingBackend(ObjectStores.backend(uri, CONFIG, RequestListener.NONE)) {
          @Override
          public CompletableFuture<PartUpload> startMultipart(
              ObjectUri object, long partSize, PutOptions options) {
            return begun;
          }
        };
    FaultyBackend over = new FaultyBackend(slow);
    over.startMultipart(uri, 1, PutOptions.DEFAULT).cancel(true);
    assertThat(begun).isCancelled();

    CompletableFuture<PartUpload> late = new CompletableFuture<>();
    FaultyBackend overLate =
        new FaultyBackend(
            new ForwardingBackend(slow) {
              @Override
              public CompletableFuture<PartUpload> startMultipart(
                  ObjectUri object, long partSize, PutOptions options) {
                return late;
              }
            });
    CompletableFuture<PartUpload> held = overLate.startMultipart(uri, 1, PutOptions.DEFAULT);
    CompletableFuture<Void> aborted = new CompletableFuture<>();
    // The cancelling comes between the answer and what the caller hears of it.
    late.whenComplete((upload, e) -> held.cancel(true));
    late.complete(
        new PartUpload() {
          @Override
          public CompletableFuture<Void> putPart(int number, Payload part) {
            throw new AssertionError();
          }

          @Override
          public CompletableFuture<PutResult> complete(
              int parts, long size, Optional<Integer> crc32c) {
            throw new AssertionError();
          }

          @Override
          public CompletableFuture<Void> abort() {
            aborted.complete(null);
            return aborted;
          }
        });
    assertThat(held).isCancelled();
    assertThat(aborted).isCompleted();
  }

  @Test
  void whatIsDoneTwiceEndsAsTheSecondTime() throws Exception {
    ObjectUri fresh = ObjectUri.parse("memory://bucket/fresh");
    faulty.inject(BackendFault.TWICE, Schedule.once());
    assertThatThrownBy(
            () ->
                store.put(
                    fresh,
                    ByteSources.of(ByteBuffer.wrap(new byte[] {1})),
                    PutOptions.DEFAULT.withMode(PutMode.CREATE)))
        .satisfies(e -> assertThat(kind(e)).isEqualTo(Kind.ALREADY_EXISTS));
    assertThat(store.exists(fresh)).isTrue();
    faulty.reset();
    faulty.inject(BackendFault.TWICE, Schedule.once());
    store.delete(fresh);
    assertThat(faulty.fired()).hasSize(1);
    assertThat(store.exists(fresh)).isFalse();
  }

  @Test
  void failsBeforeOrAfterItHasDoneIt() throws Exception {
    faulty.inject(BackendFault.FAIL, Schedule.once());
    assertThatThrownBy(() -> store.delete(uri))
        .extracting(e -> kind(e))
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(store.exists(uri)).isTrue();
    faulty.inject(BackendFault.FAIL_AFTER, Schedule.once());
    assertThatThrownBy(() -> store.delete(uri))
        .extracting(e -> kind(e))
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(store.exists(uri)).isFalse();
    assertThat(faulty.fired()).hasSize(2);
    assertThat(faulty.calls())
        .extracting(BackendCall::method)
        .containsExactly("deleteAll", "head", "deleteAll", "head");
  }

  /** Also where nobody waits for the one request: what comes by way of a callback is wrapped. */
  @Test
  void saysWhatOneOfManyFailedWith() throws Exception {
    for (BackendFault fault : List.of(BackendFault.FAIL, BackendFault.FAIL_AFTER)) {
      faulty.inject(fault, Schedule.once());
      try (GetManyResult all = store.getMany(List.of(GetItem.of(uri)), ManyOptions.DEFAULT)) {
        assertThat(all.outcomes().get(0).error().orElseThrow().kind()).isEqualTo(Kind.UNAVAILABLE);
      }
    }
  }

  @Test
  void leavesNoUploadWhoseBeginIsNotHeardOf() throws Exception {
    faulty.inject(BackendFault.FAIL_AFTER, Schedule.once());
    assertThatThrownBy(this::put).extracting(e -> kind(e)).isEqualTo(Kind.UNAVAILABLE);
    assertThat(faulty.fired()).extracting(BackendCall::method).containsExactly("startMultipart");
  }

  @Test
  void cancelsAndHangs() throws Exception {
    faulty.inject(BackendFault.CANCEL, Schedule.once());
    assertThatThrownBy(() -> store.head(uri)).extracting(e -> kind(e)).isEqualTo(Kind.CANCELLED);

    CountDownLatch hung = new CountDownLatch(1);
    faulty.onFault(call -> hung.countDown());
    faulty.inject(BackendFault.HANG, Schedule.once());
    CompletableFuture<?> head = store.async().head(uri);
    assertThat(hung.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(head).isNotDone();
    head.cancel(true);
    assertThat(store.exists(uri)).isTrue();
  }

  @Test
  void shortensAndCorruptsWhatIsRead() throws Exception {
    faulty.inject(BackendFault.SHORTEN, Schedule.<BackendCall>once().from(2));
    assertThatThrownBy(this::read).hasMessageContaining("the answer ended after");
    faulty.inject(BackendFault.FLIP, Schedule.<BackendCall>once().seeded(3));
    assertThatThrownBy(this::read).extracting(e -> kind(e)).isEqualTo(Kind.CHECKSUM_MISMATCH);
    assertThat(read()).isEqualTo(bytes);
  }

  @Test
  void corruptsWhatIsWritten() throws Exception {
    for (String method : List.of("put", "putPart")) {
      byte[] content = method.equals("put") ? new byte[100] : bytes;
      faulty.inject(
          BackendFault.FLIP,
          Schedule.<BackendCall>once().matching(call -> call.method().equals(method)));
      store.put(uri, ByteSources.of(ByteBuffer.wrap(content)), PutOptions.DEFAULT);
      assertThatThrownBy(this::read)
          .as(method)
          .extracting(e -> kind(e))
          .isEqualTo(Kind.CHECKSUM_MISMATCH);
    }
  }

  @Test
  void delays() throws Exception {
    faulty.inject(BackendFault.DELAY, Schedule.always());
    assertThat(read()).isEqualTo(bytes);
    assertThat(faulty.fired()).isNotEmpty().hasSameSizeAs(faulty.calls());
  }
}
