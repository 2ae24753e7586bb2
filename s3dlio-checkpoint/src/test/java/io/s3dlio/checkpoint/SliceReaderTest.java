package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.checkpoint.SavedTensor.Shards;
import io.s3dlio.layer.Layer;
import io.s3dlio.safetensors.DType;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong while slices are read, and what is under way then. */
@Timeout(60)
class SliceReaderTest {

  private static final ObjectUri BASE = ObjectUri.parse("memory://slices/");

  private static final Fetching VERIFIED = new Fetching(true, SavedTensor.CHUNK, 16, 4096);

  private final Shards shards = new Shards(BASE);
  private final Random random = new Random(7);

  /** Four ranks have a row each; all were saved by the same attempt. */
  private final List<Long> shape = List.of(4L, 100L);

  private final SavedTensor tensor = rows();

  private SavedTensor rows() {
    SavedTensor rows = SavedTensor.of("w", DType.U8, shape, List.of(), shards, random);
    for (int rank = 0; rank < 4; rank++) {
      TensorSlice row = TensorSlice.ofRank(shape, 0, rank, 4);
      Extent extent = shards.add(new UUID(0, 1), rank, rows.slice(row), 5);
      rows.parts.add(new TensorPart("w", DType.U8, shape, row, extent));
    }
    return rows;
  }

  @BeforeEach
  void save() throws ObjectStoreException {
    try (ObjectStore store = store()) {
      shards.save(store);
    }
  }

  private static ObjectStore store(Layer... layers) throws ObjectStoreException {
    return ObjectStores.open(BASE, StoreConfig.defaults(), RequestListener.NONE, List.of(layers));
  }

  private SliceReader reader(ObjectStore store, Fetching how, int width) {
    return new SliceReader(store, "step 5", shards::place, how, width);
  }

  private ObjectUri shard(int rank) {
    return shards.place(tensor.parts.get(rank).extent());
  }

  private SlicePlan plan(TensorSlice wanted) {
    return SlicePlan.of(tensor.parts, wanted);
  }

  /** One that is not needed may have any value, also where it is read along. */
  @Test
  void eachFlippedByteOfANeededChunkIsFound() throws ObjectStoreException {
    TensorSlice wanted = new TensorSlice(List.of(1L, 20L), List.of(1L, 50L)); // chunks 1 to 4
    checkFlips(wanted, at -> at >= 16 && at < 80);
    TensorSlice none = new TensorSlice(List.of(0L, 20L), List.of(1L, 50L)); // of another rank
    checkFlips(none, at -> false);
  }

  private void checkFlips(TensorSlice wanted, IntPredicate isFound) throws ObjectStoreException {
    byte[] right = shards.bytes.values().stream().toList().get(1).toByteArray();
    Extent extent = tensor.parts.get(1).extent();
    try (ObjectStore store = store()) {
      for (int at = 0; at < right.length; at++) {
        byte[] wrong = right.clone();
        wrong[at] ^= 0x10;
        store.put(shard(1), ByteBuffer.wrap(wrong));
        ByteBuffer memory = ByteBuffer.allocate(50);
        SliceReader reader = reader(store, VERIFIED, 1);
        int inExtent = at - (int) extent.offset();
        if (isFound.test(inExtent)) {
          CorruptCheckpointException e =
              catchThrowableOfType(
                  CorruptCheckpointException.class, () -> reader.read(plan(wanted), memory));
          assertThat(e.uri()).contains(shard(1));
          assertThat(e)
              .hasMessageContaining("step 5, rank 1, tensor 'w'")
              .hasMessageContaining("bytes at " + (extent.offset() + inExtent / 16 * 16L) + " is")
              .hasMessageContaining("%08x".formatted(extent.crc32c()[inExtent / 16]));
          assertThat(memory.position()).isZero();
        } else {
          reader.read(plan(wanted), memory);
          assertThat(memory.array()).isEqualTo(tensor.slice(wanted));
        }
      }
    }
  }

  /** Two columns, and a chunk between them that is read but not needed. */
  @Test
  void whatLiesBetweenIsNotCompared() throws ObjectStoreException {
    List<Long> two = List.of(2L, 48L);
    SavedTensor wide =
        SavedTensor.of("x", DType.U8, two, List.of(TensorSlice.whole(two)), shards, random);
    Extent extent = wide.parts.get(0).extent();
    TensorSlice column = new TensorSlice(List.of(0L, 0L), List.of(2L, 16L)); // chunks 0 and 3
    try (ObjectStore store = store()) {
      byte[] bytes = all(extent).clone();
      bytes[(int) extent.offset() + 20] ^= 1;
      store.put(shards.place(extent), ByteBuffer.wrap(bytes));
      ByteBuffer memory = ByteBuffer.allocate(32);
      Fetching how = new Fetching(true, SavedTensor.CHUNK, 32, 4096);
      reader(store, how, 1).read(SlicePlan.of(wide.parts, column), memory);
      assertThat(memory.array()).isEqualTo(wide.slice(column));
    }
  }

  private byte[] all(Extent extent) {
    for (Map.Entry<String, ByteArrayOutputStream> one : shards.bytes.entrySet()) {
      if (shards.place(extent).equals(BASE.resolve(one.getKey()))) {
        return one.getValue().toByteArray();
      }
    }
    throw new IllegalStateException("no such shard");
  }

  @Test
  void withoutVerificationAnythingIsRead() throws ObjectStoreException {
    try (ObjectStore store = store()) {
      store.put(shard(2), ByteBuffer.allocate(200));
      ByteBuffer memory = ByteBuffer.allocate(100);
      TensorSlice row = TensorSlice.ofRank(shape, 0, 2, 4);
      reader(store, VERIFIED.withVerify(false), 1).read(plan(row), memory);
      assertThat(memory.array()).containsOnly(0);
    }
  }

  @Test
  void aShardThatIsTooShortOrGoneIsNamed() throws ObjectStoreException {
    TensorSlice whole = TensorSlice.whole(shape);
    try (ObjectStore store = store()) {
      SliceReader reader = reader(store, VERIFIED, 2);
      for (int length : new int[] {1, 50}) {
        store.put(shard(3), ByteBuffer.allocate(length));
        assertThatThrownBy(() -> reader.read(plan(whole), ByteBuffer.allocate(400)))
            .isInstanceOf(CorruptCheckpointException.class)
            .hasMessageContaining(shard(3).toString())
            .hasMessageContaining("rank 3, tensor 'w': of the 100 bytes at 5 there are");
      }
      store.delete(shard(3));
      assertThatThrownBy(() -> reader.read(plan(whole), ByteBuffer.allocate(400)))
          .isInstanceOf(ObjectNotFoundException.class)
          .hasMessageContaining(shard(3).toString());
    }
  }

  @Test
  void aDestinationOfAnotherSizeIsRefused() throws ObjectStoreException {
    try (ObjectStore store = store()) {
      SliceReader reader = reader(store, VERIFIED, 1);
      SlicePlan plan = plan(TensorSlice.whole(shape));
      assertThatThrownBy(() -> reader.read(plan, ByteBuffer.allocate(399)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> reader.read(List.of(plan), List.of(List.of(ByteBuffer.allocate(401)))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Reads that are never answered. */
  private static final class Unanswered {
    final Queue<CompletableFuture<Void>> requests = new ConcurrentLinkedQueue<>();
    final Queue<Receiver> receivers = new ConcurrentLinkedQueue<>();

    CompletableFuture<Void> read(Receiver receiver) {
      CompletableFuture<Void> never = new CompletableFuture<>();
      requests.add(never);
      receivers.add(receiver);
      return never;
    }
  }

  private interface Reads {
    CompletableFuture<Void> read(ObjectUri uri, Receiver receiver, Answer memory);
  }

  private interface Answer {
    CompletableFuture<Void> give();
  }

  private static Layer reads(Reads reads) {
    return backend -> new Intercepted(backend, reads);
  }

  private static final class Intercepted extends ForwardingBackend {
    private final Reads reads;

    Intercepted(StoreBackend backend, Reads reads) {
      super(backend);
      this.reads = reads;
    }

    @Override
    public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
      return reads.read(uri, receiver, () -> super.read(uri, request, receiver));
    }
  }

  /** Rank 2 fails while the others wait for answers that do not come. */
  @Test
  void theFirstFailureGivesTheOthersUp() throws ObjectStoreException {
    Unanswered unanswered = new Unanswered();
    CountDownLatch others = new CountDownLatch(3);
    ObjectStoreException reset = new ObjectStoreException(Kind.UNAVAILABLE, "get", BASE, "x", null);
    Layer layer =
        reads(
            (uri, receiver, memory) -> {
              if (!uri.equals(shard(2))) {
                CompletableFuture<Void> never = unanswered.read(receiver);
                others.countDown();
                return never;
              }
              await(others);
              return CompletableFuture.failedFuture(reset);
            });
    ByteBuffer memory = ByteBuffer.allocateDirect(400);
    try (ObjectStore store = store(layer)) {
      SliceReader reader = reader(store, VERIFIED, 4);
      SlicePlan plan = plan(TensorSlice.whole(shape));
      assertThatThrownBy(() -> reader.read(plan, memory))
          .isSameAs(reset)
          .hasNoSuppressedExceptions();
      assertThat(unanswered.requests).hasSize(3).allMatch(CompletableFuture::isCancelled);
      checkNothingLands(store, unanswered);
      assertThat(store.pool().used()).isZero();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void checkNothingLands(ObjectStore store, Unanswered unanswered)
      throws ObjectStoreException {
    ObjectMeta meta = store.head(shard(0));
    for (Receiver receiver : unanswered.receivers) {
      assertThatThrownBy(() -> receiver.begin(meta, 5, 100)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anInterruptGivesAllUp() throws Exception {
    for (int width : new int[] {1, 4}) {
      Unanswered unanswered = new Unanswered();
      CountDownLatch begun = new CountDownLatch(width);
      Layer layer =
          reads(
              (uri, receiver, memory) -> {
                CompletableFuture<Void> never = unanswered.read(receiver);
                begun.countDown();
                return never;
              });
      try (ObjectStore store = store(layer)) {
        FutureTask<Boolean> read =
            new FutureTask<>(
                () -> {
                  assertThatThrownBy(
                          () ->
                              reader(store, VERIFIED, width)
                                  .read(plan(TensorSlice.whole(shape)), ByteBuffer.allocate(400)))
                      .isInstanceOfSatisfying(
                          ObjectStoreException.class,
                          e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
                  return Thread.currentThread().isInterrupted();
                });
        Thread thread = new Thread(read);
        thread.start();
        await(begun);
        thread.interrupt();
        assertThat(read.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(unanswered.requests).hasSize(width).allMatch(CompletableFuture::isCancelled);
        checkNothingLands(store, unanswered);
      }
    }
  }

  /** Columns of many parts: as many at a time as was said, and memory for as many requests. */
  @Test
  void requestsAtATimeAndMemoryAreBounded() throws ObjectStoreException {
    int width = 3;
    List<Long> large = List.of(12L, 4096L);
    List<TensorSlice> boxes = new ArrayList<>();
    for (int rank = 0; rank < 12; rank++) {
      boxes.add(TensorSlice.ofRank(large, 0, rank, 12));
    }
    SavedTensor saved = SavedTensor.of("l", DType.U8, large, boxes, shards, random);
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicLong used = new AtomicLong();
    CyclicBarrier together = new CyclicBarrier(width);
    BufferPool pool = BufferPool.shared();
    Layer layer =
        reads(
            (uri, receiver, memory) -> {
              most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
              used.accumulateAndGet(pool.used(), Math::max);
              meet(together);
              underWay.decrementAndGet();
              return memory.give();
            });
    TensorSlice column = new TensorSlice(List.of(0L, 8L), List.of(12L, 4000L));
    try (ObjectStore store = store(layer)) {
      shards.save(store);
      ByteBuffer bytes = ByteBuffer.allocate(48_000);
      Fetching how = new Fetching(true, SavedTensor.CHUNK, 0, 4096);
      reader(store, how, width).read(SlicePlan.of(saved.parts, column), bytes);
      assertThat(bytes.array()).isEqualTo(saved.slice(column));
      assertThat(most).hasValue(width);
      assertThat(used.get()).isBetween(1L, width * pool.cost(4096));
      assertThat(pool.used()).isZero();
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
