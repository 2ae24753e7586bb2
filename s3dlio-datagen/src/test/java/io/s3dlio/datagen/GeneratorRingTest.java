package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSource;
import io.s3dlio.GetOptions;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.StoreConfig;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorRingTest {

  private static final int PIECE = 100_000;
  private static final GeneratorSpec SPEC = GeneratorSpec.of(5).withCompression(2).withDedup(2);

  private final GeneratorPool workers = new GeneratorPool(2);
  private final BufferPool memory = BufferPool.ofLimit(8 << 20);

  @AfterEach
  void nothingIsHeld() {
    workers.close();
    assertThat(memory.used()).isZero();
  }

  private GeneratorRing ring(int piecesAhead) {
    return new GeneratorRing(workers, memory, piecesAhead * memory.cost(PIECE));
  }

  private static GeneratedObject object(String key, long size) {
    return SPEC.object(key, size);
  }

  private static ByteBuffer expected(GeneratedObject object, long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    object.read(offset, bytes);
    return bytes.flip();
  }

  /** Workers have no way to say that they rest, but what they do comes to an end. */
  private static void await(BooleanSupplier state) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!state.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for a minute").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 100})
  void handsOverTheBytesOfEveryPiece(int ahead) throws Exception {
    GeneratedObject object = object("k", 7L * PIECE + 11);
    try (GeneratorRing ring = ring(ahead);
        GeneratorRing.Source<GeneratedObject> source = ring.open(object, PIECE)) {
      for (long at = 0; at < object.size(); at += PIECE) {
        int length = (int) Math.min(PIECE, object.size() - at);
        try (Lease lease = source.take(at, length)) {
          ByteBuffer bytes = lease == null ? ByteBuffer.allocate(length) : lease.buffers().get(0);
          if (lease == null) {
            source.read(at, bytes);
            bytes.flip();
          }
          assertThat(bytes).isEqualTo(expected(object, at, length));
        }
      }
      assertThat(ring.load().bytes()).isGreaterThanOrEqualTo(object.size());
    }
  }

  @Test
  void makesNoMoreThanItMayUntilSomebodyTakes() throws Exception {
    try (GeneratorRing ring = ring(6);
        GeneratorRing.Source<GeneratedObject> source =
            ring.open(object("a", 100L * PIECE), PIECE)) {
      await(() -> ring.load().bytes() == 6 * PIECE);
      assertThat(memory.used()).isEqualTo(6 * memory.cost(PIECE));
      for (long at = 0; at < 4 * PIECE; at += PIECE) {
        source.take(at, PIECE).close();
      }
      await(() -> ring.load().bytes() == 10 * PIECE);
      assertThat(memory.used()).isEqualTo(6 * memory.cost(PIECE));
      assertThat(ring.load().waits()).isZero();
    }
  }

  @Test
  void leavesHalfOfTheMemoryToOthers() throws Exception {
    try (GeneratorRing ring = ring(1000);
        GeneratorRing.Source<GeneratedObject> source =
            ring.open(object("a", 1000L * PIECE), PIECE)) {
      long pieces = memory.limit() / 2 / memory.cost(PIECE);
      await(() -> ring.load().bytes() >= (pieces - 1) * PIECE);
      assertThat(memory.used()).isLessThanOrEqualTo(memory.limit() / 2);
      assertThat(source.take(0, PIECE)).isNotNull().satisfies(Lease::close);
    }
  }

  @Test
  void makesWhatIsAskedForWhereThereIsNoMemoryToMakeItAhead() throws Exception {
    GeneratedObject object = object("a", 9L * PIECE);
    BufferPool full = BufferPool.ofLimit(2 * memory.cost(PIECE));
    Lease one = full.acquire(PIECE, "others", Duration.ofSeconds(1));
    Lease other = full.acquire(PIECE, "others", Duration.ofSeconds(1));
    try (GeneratorRing ring = new GeneratorRing(workers, full);
        GeneratorRing.Source<GeneratedObject> source = ring.open(object, PIECE)) {
      assertThat(source.take(0, PIECE)).isNull();
      ByteBuffer bytes = ByteBuffer.allocateDirect(PIECE);
      source.read(0, bytes);
      assertThat(bytes.flip()).isEqualTo(expected(object, 0, PIECE));
      assertThat(ring.load().waits()).isPositive();
      one.close();
      other.close();
      // It goes on when somebody asks for more.
      Lease lease = null;
      for (long at = PIECE; lease == null && at < object.size(); at += PIECE) {
        lease = source.take(at, PIECE);
      }
      assertThat(lease).isNotNull().satisfies(Lease::close);
    }
    assertThat(full.used()).isZero();
  }

  @Test
  void handsOverNothingThatWasNotMadeAsOnePiece() throws Exception {
    GeneratedObject object = object("a", 9L * PIECE);
    try (GeneratorRing ring = ring(4);
        GeneratorRing.Source<GeneratedObject> source = ring.open(object, PIECE)) {
      assertThat(source.take(0, PIECE - 1)).isNull();
      assertThat(source.take(0, PIECE)).isNull();
      assertThat(source.take(PIECE + 1, 5)).isNull();
      assertThat(source.take(8L * PIECE, PIECE)).isNull();
    }
  }

  @Test
  void goesOnBehindWhatWasTakenInstead() throws Exception {
    try (GeneratorRing ring = ring(3);
        GeneratorRing.Source<GeneratedObject> source =
            ring.open(object("a", 100L * PIECE), PIECE)) {
      await(() -> ring.load().bytes() == 3 * PIECE);
      assertThat(source.take(50L * PIECE, PIECE)).isNull();
      assertThat(source.take(0, PIECE)).isNotNull().satisfies(Lease::close);
      assertThat(source.take(51L * PIECE, PIECE)).isNotNull().satisfies(Lease::close);
      assertThat(source.take(3L * PIECE, PIECE)).isNull();
    }
  }

  @Test
  void opensObjectsBeforeTheirTurn() {
    Iterator<GeneratedObject> objects =
        IntStream.range(0, 50).mapToObj(i -> object("k" + i, PIECE)).iterator();
    try (GeneratorRing ring = ring(4)) {
      Iterator<GeneratorRing.Source<GeneratedObject>> sources = ring.openAll(objects, PIECE);
      for (int i = 0; i < 45; i++) {
        try (GeneratorRing.Source<GeneratedObject> source = sources.next()) {
          assertThat(source.object().key()).isEqualTo("k" + i);
        }
      }
      await(() -> memory.used() == 4 * memory.cost(PIECE));
      assertThat(sources).hasNext();
      assertThat(objects).hasNext();
    } // with which those that nobody took are closed
  }

  @Test
  void hasNothingToMakeForAnEmptyObject() throws Exception {
    try (GeneratorRing ring = ring(4);
        GeneratorRing.Source<GeneratedObject> source = ring.open(object("a", 0), 0)) {
      assertThat(source.size()).isZero();
      assertThat(source.take(0, 0)).isNull();
    }
  }

  /** More uploads than memory, threads and pieces ahead: each gets what it needs in the end. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 4", "8, 16"})
  void feedsManyUploadsWithLittleMemory(int connections, int uploads) throws Exception {
    StoreConfig config =
        StoreConfig.defaults()
            .with("memory-limit", "2MiB")
            .with("part-size", "100KiB")
            .with("multipart-threshold", "150KiB")
            .with("max-concurrency", String.valueOf(connections));
    ExecutorService callers = Executors.newFixedThreadPool(uploads);
    try (ObjectStore store = ObjectStores.open("memory://ring-" + connections + "/", config);
        GeneratorRing ring = new GeneratorRing(workers, store.pool())) {
      List<GeneratedObject> objects =
          IntStream.range(0, 3 * uploads).mapToObj(i -> object("k" + i, 100_000L * i + i)).toList();
      List<Future<?>> puts = new ArrayList<>();
      for (GeneratedObject object : objects) {
        ObjectUri uri = ObjectUri.parse("memory://ring-" + connections + "/" + object.key());
        GeneratorRing.Source<GeneratedObject> source =
            ring.open(object, store.requestSize(uri, object.size()));
        puts.add(
            callers.submit(
                () -> {
                  try (source) {
                    return store.put(uri, source, PutOptions.DEFAULT);
                  }
                }));
      }
      for (Future<?> put : puts) {
        put.get(2, TimeUnit.MINUTES);
      }
      for (GeneratedObject object : objects) {
        CheckingSink sink = new CheckingSink(object);
        ObjectUri uri = ObjectUri.parse("memory://ring-" + connections + "/" + object.key());
        store.get(uri, sink, GetOptions.DEFAULT);
        assertThat(sink.result().isWholeAndRight()).as(object.key()).isTrue();
      }
      assertThat(store.pool().used()).isZero();
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> new GeneratorRing(workers, memory, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    GeneratorRing ring = ring(1);
    assertThatThrownBy(() -> ring.open(object("a", 1), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pieces of 0 bytes");
    assertThatThrownBy(() -> ring.open(object("a", 1), (1L << 30) + 1))
        .isInstanceOf(IllegalArgumentException.class);
    ring.close();
    ring.close();
    assertThatThrownBy(() -> ring.open(object("a", 1), 1))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void saysThatTheWorkersAreGone() {
    GeneratorPool closed = new GeneratorPool(1);
    closed.close();
    try (GeneratorRing ring = new GeneratorRing(closed, memory);
        GeneratorRing.Source<GeneratedObject> source = ring.open(object("a", PIECE), PIECE)) {
      assertThatThrownBy(() -> source.read(0, ByteBuffer.allocate(10)))
          .isInstanceOf(RejectedExecutionException.class);
    }
  }

  @Test
  void tellsWhatWasWrongWithARead() {
    try (GeneratorRing ring = ring(1);
        GeneratorRing.Source<GeneratedObject> source = ring.open(object("a", PIECE), PIECE)) {
      assertThatThrownBy(() -> source.read(PIECE - 5, ByteBuffer.allocate(10)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void tellsWhatFailsToWhoReadsIt() throws Exception {
    for (Throwable failure :
        List.of(new IOException(), new IllegalStateException(), new OutOfMemoryError())) {
      tellsWhoReadsIt(failure);
    }
  }

  private void tellsWhoReadsIt(Throwable failure) throws Exception {
    ByteSource broken =
        new ByteSource() {
          @Override
          public long size() {
            return 4L * PIECE;
          }

          @Override
          public void read(long offset, ByteBuffer dst) throws IOException {
            if (offset >= 2L * PIECE) {
              sneak(failure);
            }
            dst.position(dst.limit());
          }
        };
    try (GeneratorRing ring = ring(4);
        GeneratorRing.Source<ByteSource> source = ring.open(broken, PIECE)) {
      for (long at = 0; at < broken.size(); at += PIECE) {
        Lease lease = source.take(at, PIECE);
        if (lease != null) {
          assertThat(at).isLessThan(2L * PIECE);
          lease.close();
        }
      }
      assertThatThrownBy(() -> source.read(3L * PIECE, ByteBuffer.allocate(PIECE)))
          .isSameAs(failure);
    }
    assertThat(memory.used()).isZero();
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void countsItsTime() throws Exception {
    try (GeneratorRing ring = ring(1);
        GeneratorRing.Source<GeneratedObject> source =
            ring.open(object("a", 100L * PIECE), PIECE)) {
      source.read(50L * PIECE, ByteBuffer.allocateDirect(40 * PIECE));
      GeneratorLoad load = ring.load();
      assertThat(load.threads()).isEqualTo(2);
      assertThat(load.seconds()).isPositive();
      assertThat(load.busySeconds()).isPositive().isLessThanOrEqualTo(2 * load.seconds());
      assertThat(load.cpuSeconds()).isPositive();
      assertThat(load.waitSeconds()).isPositive().isLessThanOrEqualTo(load.seconds());
      assertThat(load.idle()).isBetween(0.0, 1.0);
    }
  }
}
