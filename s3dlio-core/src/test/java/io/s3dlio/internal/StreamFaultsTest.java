package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSource;
import io.s3dlio.Capabilities;
import io.s3dlio.ObjectReader;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.ObjectWriter;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.ReaderOptions;
import io.s3dlio.StoreConfig;
import io.s3dlio.WriterOptions;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writers and readers over stores that fail or hang, with little memory and few threads. */
class StreamFaultsTest extends EngineFixture {

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void put() throws Exception {
    putContent();
  }

  /** Notes what an upload is asked for; parts may be spoiled. */
  private class Uploads extends Memory {

    CompletableFuture<Void> part(PartUpload upload, int number, Payload part) {
      return upload.putPart(number, part);
    }

    @Override
    public CompletableFuture<PutResult> put(ObjectUri u, Payload payload, PutOptions options) {
      asked.add("put " + payload.size());
      return super.put(u, payload, options);
    }

    @Override
    public CompletableFuture<PartUpload> startMultipart(
        ObjectUri u, long partSize, PutOptions options) {
      asked.add("start " + partSize);
      return super.startMultipart(u, partSize, options).thenApply(Watched::new);
    }

    private final class Watched implements PartUpload {
      private final PartUpload upload;

      Watched(PartUpload upload) {
        this.upload = upload;
      }

      @Override
      public CompletableFuture<Void> putPart(int number, Payload part) {
        asked.add("part " + number);
        return part(upload, number, part);
      }

      @Override
      public CompletableFuture<PutResult> complete(int parts, long size, Optional<Integer> crc) {
        asked.add("complete " + parts + " " + size);
        assertThat(crc).contains(Crc32c.of(List.of(ByteBuffer.wrap(CONTENT, 0, (int) size))));
        return upload.complete(parts, size, crc);
      }

      @Override
      public CompletableFuture<Void> abort() {
        asked.add("abort");
        return upload.abort();
      }
    }
  }

  /** Notes reads; answers may be spoiled. */
  private class Reads extends Memory {
    @Override
    public CompletableFuture<Void> read(ObjectUri u, ReadRequest request, Receiver receiver) {
      asked.add(request.range().toString());
      return super.read(u, request, receiver);
    }
  }

  private static void write(ObjectWriter writer, int length) throws IOException {
    writer.write(ByteBuffer.wrap(CONTENT, 0, length));
  }

  @Test
  void whatFitsIntoAPartIsOneRequest() throws Exception {
    ObjectStore store = over(new Uploads());
    for (int size : new int[] {0, 1, PART}) {
      try (ObjectWriter writer = store.writer(uri)) {
        write(writer, size);
        writer.finish();
      }
    }
    assertThat(asked).containsExactly("put 0", "put 1", "put " + PART);
  }

  @Test
  void aLargeObjectIsSentInPartsOfOneSize() throws Exception {
    ObjectStore store = over(new Uploads(), "max-concurrency", "1");
    try (ObjectWriter writer = store.writer(uri)) {
      write(writer, 2 * PART + 1);
      writer.finish();
    }
    assertThat(asked)
        .containsExactlyInAnyOrder(
            "start " + PART, "part 1", "part 2", "part 3", "complete 3 " + (2 * PART + 1))
        .endsWith("complete 3 " + (2 * PART + 1));
  }

  @Test
  void aPartThatFailsEndsTheWriter() throws Exception {
    IOException why = new IOException("disk full");
    ObjectStore store =
        over(
            new Uploads() {
              @Override
              CompletableFuture<Void> part(PartUpload upload, int number, Payload part) {
                return number == 2
                    ? CompletableFuture.failedFuture(why)
                    : super.part(upload, number, part);
              }
            });
    try (ObjectWriter writer = store.writer(uri)) {
      ObjectStoreException e =
          assertFails(
              Kind.UNKNOWN,
              () -> {
                write(writer, LARGE);
                writer.finish();
              });
      assertThat(e).hasStackTraceContaining("disk full");
      ObjectStoreException again = assertFails(Kind.UNKNOWN, () -> write(writer, 1));
      assertThat(again).hasMessageContaining("has failed").hasStackTraceContaining("disk full");
      assertFails(Kind.UNKNOWN, writer::finish);
    }
    assertThat(asked).doesNotContain("complete").endsWith("abort");
    assertThat(content()).isEqualTo(CONTENT);
  }

  @Test
  void closingGivesUpPartsThatHang() throws Exception {
    CountDownLatch hanging = new CountDownLatch(2);
    List<CompletableFuture<Void>> never = Collections.synchronizedList(new ArrayList<>());
    ObjectStore store =
        over(
            new Uploads() {
              @Override
              CompletableFuture<Void> part(PartUpload upload, int number, Payload part) {
                CompletableFuture<Void> answer = new CompletableFuture<>();
                never.add(answer);
                hanging.countDown();
                return answer;
              }
            });
    try (ObjectWriter writer = store.writer(uri)) {
      write(writer, 3 * PART + 5);
      assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(never).isNotEmpty().allMatch(CompletableFuture::isCancelled);
    assertThat(asked).endsWith("abort");
  }

  @Test
  void noMorePartsAreInFlightThanAllowed() throws Exception {
    List<Integer> open = Collections.synchronizedList(new ArrayList<>());
    List<Integer> most = Collections.synchronizedList(new ArrayList<>());
    ObjectStore store =
        over(
            new Uploads() {
              @Override
              CompletableFuture<Void> part(PartUpload upload, int number, Payload part) {
                open.add(number);
                most.add(open.size());
                assertThat(pool.used()).isLessThanOrEqualTo(3L * (PART + 4096));
                return super.part(upload, number, part)
                    .whenComplete((v, e) -> open.remove((Integer) number));
              }
            });
    try (ObjectWriter writer = store.writer(uri, WriterOptions.DEFAULT.withInFlight(2))) {
      write(writer, LARGE);
      writer.finish();
    }
    assertThat(most).hasSize(6).allMatch(n -> n <= 2);
  }

  @Test
  void whereNoThreadIsFreeTheCallerDoesTheWork() throws Exception {
    ObjectStore store = over(memory, "max-concurrency", "2");
    CountDownLatch done = new CountDownLatch(1);
    ByteSource waiting =
        new ByteSource() {
          @Override
          public long size() {
            return 1;
          }

          @Override
          public void read(long offset, ByteBuffer dst) throws IOException {
            try {
              assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            dst.put((byte) 0);
          }
        };
    // Both threads of the store wait for what the writer and the reader do.
    ObjectUri other = uri.withKey("other");
    CompletableFuture<?> first = store.async().put(other, waiting, PutOptions.DEFAULT);
    CompletableFuture<?> second = store.async().put(other, waiting, PutOptions.DEFAULT);
    try (ObjectWriter writer = store.writer(uri.withKey("w"))) {
      write(writer, LARGE);
      writer.finish();
    }
    try (ObjectReader reader = store.reader(uri.withKey("w"))) {
      assertThat(reader.inputStream().readAllBytes()).isEqualTo(CONTENT);
    }
    done.countDown();
    await(first);
    await(second);
  }

  @Test
  void memoryForOnePartIsEnough() throws Exception {
    StoreConfig config =
        StoreConfig.defaults()
            .with(StoreConfig.PART_SIZE, PART + "")
            .with(StoreConfig.MULTIPART_THRESHOLD, PART + "");
    BufferPool little = BufferPool.ofLimit(PART + 4096);
    try (ObjectStore store = ObjectStore.over(new Uploads(), Set.of("memory"), config, little)) {
      try (ObjectWriter writer = store.writer(uri)) {
        write(writer, LARGE);
        writer.finish();
      }
      try (ObjectReader reader = store.reader(uri)) {
        assertThat(reader.inputStream().readAllBytes()).isEqualTo(CONTENT);
      }
    }
    assertThat(little.used()).isZero();
  }

  @Test
  void moreThanAllPartsIsRefused() throws Exception {
    ObjectStore store =
        over(
            new Uploads() {
              @Override
              public Capabilities capabilities() {
                return new Capabilities(true, true, true, true, 1, 3);
              }
            });
    try (ObjectWriter writer = store.writer(uri)) {
      ObjectStoreException e = assertFails(Kind.INVALID, () -> write(writer, 3 * PART + 1));
      assertThat(e).hasMessageContaining("larger part size");
    }
    WriterOptions tooSmall = WriterOptions.DEFAULT.withPartSize(PART).withSize(3 * PART + 1);
    assertFails(Kind.INVALID, () -> store.writer(uri, tooSmall));
    try (ObjectWriter writer = store.writer(uri, WriterOptions.DEFAULT.withSize(LARGE))) {
      write(writer, LARGE);
      writer.finish();
    }
    assertThat(asked).endsWith("put " + LARGE);
  }

  @Test
  void aStoreThatIsClosedEndsItsWriters() throws Exception {
    ObjectStore store = over(new Uploads());
    try (ObjectWriter writer = store.writer(uri)) {
      write(writer, 2 * PART);
      store.close();
      assertFails(Kind.INVALID, () -> write(writer, LARGE));
      assertFails(Kind.INVALID, writer::finish);
    }
    assertThat(content()).isEqualTo(CONTENT);
    assertThat(asked).containsOnlyOnce("abort").noneMatch(a -> a.startsWith("complete"));
  }

  @Test
  void aJumpAsksForLittleAndGoingOnForMoreAhead() throws Exception {
    ObjectStore store = over(new Reads(), "part-size", "2MiB", "multipart-threshold", "2MiB");
    byte[] large = bytes(8 << 20);
    store.put(uri, ByteBuffer.wrap(large));
    ReaderOptions ahead = ReaderOptions.DEFAULT.withReadAhead(2 << 20);
    try (ObjectReader reader = store.reader(uri, ahead)) {
      reader.position(5 << 20);
      reader.read(ByteBuffer.allocate(10));
      assertThat(asked).containsExactly(ByteRange.of(5 << 20, 256 << 10).toString());
      asked.clear();
      reader.position(0).read(ByteBuffer.allocate(300 << 10));
      assertThat(asked).containsExactly(ByteRange.of(0, 300 << 10).toString());
      reader.read(ByteBuffer.allocate(1));
      reader.read(ByteBuffer.allocate(8 << 20));
      reader.read(ByteBuffer.allocate(1));
    }
    // 600 KiB, of which the rest is ahead; then chunks up to the part size, 2 MiB ahead.
    assertThat(asked)
        .contains(
            ByteRange.of(300 << 10, 600 << 10).toString(),
            ByteRange.of(900 << 10, 600 << 10).toString())
        .doesNotContain(ByteRange.of(7 << 20, 1 << 20).toString());
    assertThat(store.pool().used()).isZero();
  }

  @Test
  void aFlippedBitIsNoticedAtTheEndAtTheLatest() throws Exception {
    for (int flipped : new int[] {0, PART, LARGE - 1}) {
      ObjectStore store = over(new Flipping(flipped));
      try (ObjectReader reader = store.reader(uri)) {
        assertFails(Kind.CHECKSUM_MISMATCH, () -> reader.inputStream().readAllBytes());
        assertThat(reader.position()).isLessThan(LARGE);
        assertFails(Kind.CHECKSUM_MISMATCH, () -> reader.read(ByteBuffer.allocate(1)));
        assertThat(reader.position(10).read(ByteBuffer.allocate(1))).isEqualTo(1);
      }
    }
  }

  /** Flips a bit of one byte of the object. */
  private final class Flipping extends ForwardingBackend {
    private final int flipped;

    Flipping(int flipped) {
      super(memory);
      this.flipped = flipped;
    }

    @Override
    public CompletableFuture<Void> read(ObjectUri u, ReadRequest request, Receiver receiver) {
      return super.read(
          u,
          request,
          (meta, offset, length) -> {
            Receiver.Landing landing = receiver.begin(meta, offset, length);
            return new Receiver.Landing(
                (at, src) -> {
                  byte[] bytes = new byte[src.remaining()];
                  src.get(bytes);
                  long index = flipped - offset - at;
                  if (index >= 0 && index < bytes.length) {
                    bytes[(int) index] ^= 1;
                  }
                  landing.sink().write(at, ByteBuffer.wrap(bytes));
                },
                landing.length());
          });
    }
  }

  @Test
  void aReadThatFailedCanBeTriedAgain() throws Exception {
    List<Integer> failures = new ArrayList<>(List.of(1));
    ObjectStore store =
        over(
            new Reads() {
              @Override
              public CompletableFuture<Void> read(
                  ObjectUri u, ReadRequest request, Receiver receiver) {
                boolean fails;
                synchronized (failures) {
                  fails = !request.range().equals(ByteRange.of(0, PART)) && !failures.isEmpty();
                  failures.clear();
                }
                return fails
                    ? CompletableFuture.failedFuture(
                        new ObjectStoreException(Kind.UNAVAILABLE, "get", u, "reset", null))
                    : super.read(u, request, receiver);
              }
            });
    try (ObjectReader reader = store.reader(uri)) {
      ByteBuffer all = ByteBuffer.allocate(LARGE);
      int errors = 0;
      while (all.hasRemaining()) {
        try {
          reader.read(all);
        } catch (ObjectStoreException e) {
          assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
          errors++;
        }
      }
      assertThat(all.array()).isEqualTo(CONTENT);
      assertThat(errors).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void closingGivesUpWhatWasAskedForAhead() throws Exception {
    List<CompletableFuture<Void>> never = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch hanging = new CountDownLatch(1);
    ObjectStore store =
        over(
            new Memory() {
              @Override
              public CompletableFuture<Void> read(
                  ObjectUri u, ReadRequest request, Receiver receiver) {
                if (request.range().equals(ByteRange.of(0, PART))
                    || request.range().equals(ByteRange.of(PART, PART))) {
                  return super.read(u, request, receiver);
                }
                CompletableFuture<Void> answer = new CompletableFuture<>();
                never.add(answer);
                hanging.countDown();
                return answer;
              }
            });
    try (ObjectReader reader = store.reader(uri)) {
      reader.inputStream().readNBytes(PART + 1);
      assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(never).isNotEmpty().allMatch(CompletableFuture::isCancelled);
  }
}
