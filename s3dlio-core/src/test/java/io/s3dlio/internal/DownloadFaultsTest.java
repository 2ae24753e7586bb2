package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.ByteSinks;
import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.Verification;
import io.s3dlio.buffer.Lease;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.Receiver.Landing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads from stores that fail, break off, lie or hang. */
class DownloadFaultsTest extends EngineFixture {

  @BeforeEach
  void put() throws Exception {
    putContent();
  }

  /** Answers a read itself. */
  private interface Answer {
    void to(ReadRequest request, Receiver receiver) throws IOException;
  }

  private class Answering extends Memory {
    final AtomicInteger reads = new AtomicInteger();
    private final Answer answer;

    Answering(Answer answer) {
      this.answer = answer;
    }

    @Override
    public CompletableFuture<Void> read(ObjectUri u, ReadRequest request, Receiver receiver) {
      reads.incrementAndGet();
      try {
        answer.to(request, receiver);
        return CompletableFuture.completedFuture(null);
      } catch (IOException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }

  /** Changes what the receiver of every read is told and given. */
  private class Spoiling extends Memory {
    Landing begin(Receiver receiver, ObjectMeta meta, long offset, long length) throws IOException {
      return receiver.begin(meta, offset, length);
    }

    @Override
    public CompletableFuture<Void> read(ObjectUri u, ReadRequest request, Receiver receiver) {
      return memory.read(
          u, request, (meta, offset, length) -> begin(receiver, meta, offset, length));
    }
  }

  private static long offset(ReadRequest request) {
    return request.range().resolve(LARGE).orElseThrow().offset();
  }

  private ObjectMeta meta() throws IOException {
    return over(memory).head(uri);
  }

  /** Answers as the object would. */
  private static void answer(ObjectMeta meta, ReadRequest request, Receiver receiver)
      throws IOException {
    ByteRange.Span span = request.range().resolve(LARGE).orElseThrow();
    Landing landing = receiver.begin(meta, span.offset(), span.length());
    deliver(landing, span.offset(), 0, landing.length());
  }

  private static void deliver(Landing landing, long offset, long from, long to) throws IOException {
    for (long at = from; at < to; at += 1000) {
      int n = (int) Math.min(1000, to - at);
      landing.sink().write(at, ByteBuffer.wrap(CONTENT, (int) (offset + at), n));
    }
  }

  @Test
  void theFirstFailureEndsTheRead() {
    List<Long> asked = Collections.synchronizedList(new ArrayList<>());
    IOException why = new IOException("cable pulled");
    ObjectStore store =
        over(
            new Answering(
                (request, receiver) -> {
                  asked.add(offset(request));
                  if (offset(request) == 2 * PART) {
                    throw why;
                  }
                  answer(meta(), request, receiver);
                }),
            "max-concurrency",
            "1");
    ObjectStoreException e = assertFails(Kind.UNKNOWN, () -> store.get(uri).close());
    assertThat(e).hasCause(why);
    assertThat(e.uri()).contains(uri);
    assertThat(asked).containsExactly(0L, (long) PART, 2L * PART);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3 * PART})
  void aShortAnswerIsAnError(long where) throws Exception {
    ObjectMeta meta = meta();
    ObjectStore store =
        over(
            new Answering(
                (request, receiver) -> {
                  if (offset(request) != where) {
                    answer(meta, request, receiver);
                    return;
                  }
                  Landing landing =
                      receiver.begin(
                          meta, where, request.range().resolve(LARGE).orElseThrow().length());
                  deliver(landing, where, 0, landing.length() - 1);
                }));
    assertFails(Kind.UNAVAILABLE, () -> store.get(uri).close());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3 * PART})
  void noAnswerAtAllIsAnError(long where) throws Exception {
    ObjectMeta meta = meta();
    ObjectStore store =
        over(
            new Answering(
                (request, receiver) -> {
                  if (offset(request) != where) {
                    answer(meta, request, receiver);
                  }
                }));
    assertFails(Kind.UNAVAILABLE, () -> store.get(uri).close());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3 * PART})
  void bytesBeyondThoseWantedDoNotLand(long where) throws Exception {
    ObjectMeta meta = meta();
    ObjectStore store =
        over(
            new Answering(
                (request, receiver) -> {
                  if (offset(request) != where) {
                    answer(meta, request, receiver);
                    return;
                  }
                  ByteRange.Span span = request.range().resolve(LARGE).orElseThrow();
                  Landing landing = receiver.begin(meta, span.offset(), span.length());
                  deliver(landing, where, 0, landing.length());
                  landing.sink().write(landing.length(), ByteBuffer.wrap(new byte[] {1}));
                }),
            "max-concurrency",
            "1");
    ByteBuffer memory = ByteBuffer.allocate(LARGE);
    assertThatThrownBy(() -> store.get(uri, ByteSinks.of(memory), GetOptions.DEFAULT))
        .hasStackTraceContaining("1 bytes at " + PART);
    assertThat(memory.get((int) where + PART)).isZero();
  }

  @Test
  void bytesOutOfOrderDoNotLand() throws Exception {
    ObjectMeta meta = meta();
    ObjectStore store =
        over(
            new Answering(
                (request, receiver) -> {
                  Landing landing = receiver.begin(meta, 0, LARGE);
                  landing.sink().write(7, ByteBuffer.allocate(1));
                }));
    assertFails(Kind.UNKNOWN, () -> store.get(uri).close());
  }

  @Test
  void anETagThatChangesBetweenPartsIsAnError() {
    ObjectStore store =
        over(
            new Spoiling() {
              @Override
              Landing begin(Receiver receiver, ObjectMeta meta, long offset, long length)
                  throws IOException {
                ObjectMeta other =
                    ObjectMeta.listed(uri, LARGE, meta.lastModified(), Optional.of("other"));
                return receiver.begin(offset == 4 * PART ? other : meta, offset, length);
              }
            });
    assertFails(Kind.PRECONDITION_FAILED, () -> store.get(uri).close());
  }

  @Test
  void aSizeThatChangesBetweenPartsIsAnErrorEvenWithoutETags() {
    ObjectStore store =
        over(
            new Spoiling() {
              @Override
              Landing begin(Receiver receiver, ObjectMeta meta, long offset, long length)
                  throws IOException {
                long size = offset == 0 ? LARGE : LARGE + 1;
                return receiver.begin(
                    ObjectMeta.listed(uri, size, meta.lastModified(), Optional.empty()),
                    offset,
                    length);
              }
            });
    assertFails(Kind.PRECONDITION_FAILED, () -> store.get(uri).close());
  }

  @Test
  void partsArePinnedToTheFirstAnswersETag() throws Exception {
    String etag = meta().etag().orElseThrow();
    List<Optional<String>> pins = Collections.synchronizedList(new ArrayList<>());
    ObjectMeta meta = meta();
    ObjectStore store =
        over(
            new Answering(
                (request, receiver) -> {
                  pins.add(request.ifMatch());
                  answer(meta, request, receiver);
                }));
    store.get(uri).close();
    assertThat(pins).hasSize(6).containsOnlyOnce(Optional.empty()).contains(Optional.of(etag));
    assertThat(pins.get(0)).isEmpty();
  }

  @Test
  void anAnswerWithOtherBytesThanAskedForIsAnError() throws Exception {
    ObjectMeta meta = meta();
    ObjectStore store =
        over(
            new Answering(
                (request, receiver) -> {
                  if (offset(request) == 0) {
                    answer(meta, request, receiver);
                  } else {
                    answer(meta, new ReadRequest(ByteRange.WHOLE, Optional.empty()), receiver);
                  }
                }));
    assertThat(assertFails(Kind.UNAVAILABLE, () -> store.get(uri).close()))
        .hasMessageContaining("the answer holds " + LARGE + " at 0");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 2 * PART})
  void aRepeatedAnswerBeginsAnew(long where) throws Exception {
    ObjectMeta meta = meta();
    AtomicInteger late = new AtomicInteger();
    ObjectStore store =
        over(
            new Answering(
                (request, receiver) -> {
                  if (offset(request) == where) {
                    long length = request.range().resolve(LARGE).orElseThrow().length();
                    Landing broken = receiver.begin(meta, where, length);
                    broken.sink().write(0, ByteBuffer.allocate(5000));
                    answer(meta, request, receiver);
                    assertThatThrownBy(() -> broken.sink().write(5000, ByteBuffer.allocate(1)))
                        .isInstanceOf(IOException.class);
                    late.incrementAndGet();
                  } else {
                    answer(meta, request, receiver);
                  }
                }));
    AtomicLong progress = new AtomicLong();
    GetOptions options = GetOptions.DEFAULT.withProgress(progress::addAndGet);
    try (GetResult got = store.get(uri, options)) {
      assertThat(got.bytes().toByteArray()).isEqualTo(CONTENT);
      assertThat(got.verification()).isEqualTo(Verification.VERIFIED);
    }
    assertThat(progress).hasValue(LARGE);
    assertThat(late).hasValue(1);
  }

  @Test
  void aRepeatedAnswerOfAnotherObjectIsAnErrorOnceBytesHaveLanded() throws Exception {
    ObjectMeta meta = meta();
    ObjectMeta shorter = ObjectMeta.listed(uri, 10, meta.lastModified(), Optional.of("shorter"));
    for (int landed : new int[] {0, 100}) {
      ObjectStore store =
          over(
              new Answering(
                  (request, receiver) -> {
                    Landing first = receiver.begin(meta, 0, LARGE);
                    first.sink().write(0, ByteBuffer.allocate(landed));
                    receiver.begin(shorter, 0, 10).sink().write(0, ByteBuffer.allocate(10));
                  }));
      if (landed == 0) {
        try (BytesView view = store.get(uri)) {
          assertThat(view.toByteArray()).isEqualTo(new byte[10]);
        }
      } else {
        assertFails(Kind.PRECONDITION_FAILED, () -> store.get(uri).close());
      }
    }
  }

  @Test
  void oneFlippedBitIsFound() {
    for (long where : new long[] {0, 4 * PART}) {
      ObjectStore store =
          over(
              new Spoiling() {
                @Override
                Landing begin(Receiver receiver, ObjectMeta meta, long offset, long length)
                    throws IOException {
                  Landing landing = receiver.begin(meta, offset, length);
                  return offset == where
                      ? new Landing(flipping(landing.sink()), landing.length())
                      : landing;
                }
              });
      assertFails(Kind.CHECKSUM_MISMATCH, () -> store.get(uri).close());
      assertFails(
          Kind.CHECKSUM_MISMATCH, () -> store.readInto(uri, 0, ByteBuffer.allocateDirect(LARGE)));
    }
  }

  /** Changes the last bit of all that passes. */
  private static ByteSink flipping(ByteSink sink) {
    return (offset, src) -> {
      ByteBuffer changed = ByteBuffer.allocate(src.remaining()).put(src);
      changed.put(changed.limit() - 1, (byte) (changed.get(changed.limit() - 1) ^ 1));
      sink.write(offset, changed.flip());
    };
  }

  @Test
  void aWrongChecksumOfTheStoreIsFound() throws Exception {
    ObjectMeta meta = meta();
    ObjectMeta wrong =
        new ObjectMeta(
            uri,
            LARGE,
            meta.lastModified(),
            meta.etag(),
            Optional.empty(),
            meta.userMetadata(),
            meta.crc32c().map(crc -> crc + 1));
    ObjectStore store =
        over(new Answering((request, receiver) -> answer(wrong, request, receiver)));
    assertThat(assertFails(Kind.CHECKSUM_MISMATCH, () -> store.get(uri).close()))
        .hasMessageContaining(String.format("%08x", meta.crc32c().orElseThrow()));
    GetOptions part = GetOptions.DEFAULT.withRange(ByteRange.from(1));
    try (GetResult got = store.get(uri, part)) {
      assertThat(got.verification()).isEqualTo(Verification.UNVERIFIED);
    }
  }

  @Test
  void memoryIsFilledInPlaceOnTheCallingThreadOnly() throws Exception {
    ObjectMeta meta = meta();
    AtomicInteger inPlace = new AtomicInteger();
    ObjectStore store =
        over(
            new Answering(
                (request, receiver) -> {
                  ByteRange.Span span = request.range().resolve(LARGE).orElseThrow();
                  Landing landing = receiver.begin(meta, span.offset(), span.length());
                  // All at once, told piece by piece.
                  ByteBuffer target = landing.sink().target(0, (int) landing.length());
                  for (int at = 0; at < landing.length(); at += 5000) {
                    int n = (int) Math.min(5000, landing.length() - at);
                    target.put(CONTENT, (int) span.offset() + at, n);
                    landing.sink().filled(at, n);
                  }
                  inPlace.incrementAndGet();
                }));
    try (GetResult got = store.get(uri, GetOptions.DEFAULT)) {
      assertThat(got.bytes().toByteArray()).isEqualTo(CONTENT);
      assertThat(got.verification()).isEqualTo(Verification.VERIFIED);
    }
    assertThat(inPlace).hasValue(6);

    ObjectStore network =
        over(
            new Memory() {
              @Override
              public CompletableFuture<Void> read(
                  ObjectUri u, ReadRequest request, Receiver receiver) {
                return CompletableFuture.runAsync(
                    () -> {
                      try {
                        ByteRange.Span span = request.range().resolve(LARGE).orElseThrow();
                        Landing landing = receiver.begin(meta, span.offset(), span.length());
                        assertThat(landing.sink().target(0, 1)).isNull();
                        deliver(landing, span.offset(), 0, landing.length());
                      } catch (IOException e) {
                        throw new IllegalStateException(e);
                      }
                    });
              }
            });
    try (BytesView view = network.get(uri)) {
      assertThat(view.toByteArray()).isEqualTo(CONTENT);
    }
  }

  /** Hangs; keeps what it was given, as a network thread does. */
  private class Hanging extends Memory {
    final CompletableFuture<Receiver> asked = new CompletableFuture<>();
    final CompletableFuture<Void> hung = new CompletableFuture<>();

    @Override
    public CompletableFuture<Void> read(ObjectUri u, ReadRequest request, Receiver receiver) {
      asked.complete(receiver);
      return hung;
    }
  }

  @Test
  void aCancelledReadGivesUpItsRequestAndItsMemory() throws Exception {
    Hanging hanging = new Hanging();
    ObjectStore store = over(hanging, "max-concurrency", "1");
    CompletableFuture<BytesView> future = store.async().get(uri);
    Landing landing = await(hanging.asked).begin(meta(), 0, LARGE);
    landing.sink().write(0, ByteBuffer.allocate(10));
    assertThat(pool.used()).isPositive();
    future.cancel(true);
    assertThatThrownBy(() -> await(hanging.hung)).isInstanceOf(CancellationException.class);
    await(store.async().head(uri));
    assertThat(pool.used()).isZero();

    // What comes late finds the doors shut.
    assertThatThrownBy(() -> landing.sink().write(10, ByteBuffer.allocate(1)))
        .isInstanceOf(IOException.class);
    assertThat(landing.sink().target(10, 1)).isNull();
    assertThatThrownBy(() -> await(hanging.asked).begin(meta(), 0, LARGE))
        .isInstanceOf(IOException.class);
    assertThat(pool.used()).isZero();
  }

  @Test
  void aRequestThatTakesTooLongIsGivenUp() throws Exception {
    Hanging hanging = new Hanging();
    ObjectStore store = over(hanging, "request-timeout", "1ms");
    ByteBuffer memory = ByteBuffer.allocate(LARGE);
    ObjectStoreException e = assertFails(Kind.TIMEOUT, () -> store.readInto(uri, 0, memory));
    assertThat(e).hasMessageContaining("request-timeout");
    assertThat(e.isRetryable()).isTrue();
    assertThat(hanging.hung).isCancelled();
    assertThatThrownBy(() -> await(hanging.asked).begin(meta(), 0, LARGE))
        .isInstanceOf(IOException.class);
  }

  @Test
  void closingTheStoreGivesUpRequestsUnderWay() throws Exception {
    Hanging hanging = new Hanging();
    ObjectStore store = over(hanging);
    CompletableFuture<ObjectStoreException> failure =
        CompletableFuture.supplyAsync(
            () -> assertFails(Kind.INVALID, () -> store.get(uri).close()));
    await(hanging.asked);
    store.close();
    assertThat(await(failure)).hasMessageContaining("closed");
    assertThat(hanging.hung).isCancelled();
  }

  @Test
  void aRequestThatBeginsWhileTheStoreIsClosedIsGivenUp() throws Exception {
    ObjectStore[] store = new ObjectStore[1];
    Hanging hanging =
        new Hanging() {
          @Override
          public CompletableFuture<Void> read(ObjectUri u, ReadRequest request, Receiver receiver) {
            try {
              store[0].close();
            } catch (ObjectStoreException e) {
              return CompletableFuture.failedFuture(e);
            }
            return super.read(u, request, receiver);
          }
        };
    store[0] = over(hanging);
    assertThat(assertFails(Kind.INVALID, () -> store[0].get(uri).close()))
        .hasMessageContaining("closed");
    assertThat(hanging.hung).isCancelled();
  }

  @Test
  void aResultThatComesTooLateIsClosed() throws Exception {
    CompletableFuture<CompletableFuture<BytesView>> known = new CompletableFuture<>();
    ObjectStore store =
        over(
            new Memory() {
              @Override
              public CompletableFuture<Void> read(
                  ObjectUri u, ReadRequest request, Receiver receiver) {
                CompletableFuture<Void> done = memory.read(u, request, receiver);
                known.join().cancel(true);
                return done;
              }
            },
            "max-concurrency",
            "1",
            "multipart-threshold",
            "1MiB");
    CompletableFuture<BytesView> future = store.async().get(uri);
    known.complete(future);
    assertThatThrownBy(() -> await(future)).isInstanceOf(CancellationException.class);
    await(store.async().head(uri));
    assertThat(pool.used()).isZero();
  }

  @Test
  void closingTheStoreEndsItsFutures() throws Exception {
    Hanging hanging = new Hanging();
    ObjectStore store = over(hanging, "max-concurrency", "1");
    CompletableFuture<BytesView> running = store.async().get(uri);
    CompletableFuture<ObjectMeta> queued = store.async().head(uri);
    await(hanging.asked);
    store.close();
    assertThat(assertFails(Kind.INVALID, () -> await(running).close()))
        .hasMessageContaining("closed");
    assertThat(assertFails(Kind.INVALID, () -> await(queued))).hasMessageContaining("closed");
  }

  @Test
  void withoutMemoryAtOnceTheSizeIsLearntFirst() throws Exception {
    ObjectMeta meta = meta();
    CompletableFuture<Long> first = new CompletableFuture<>();
    Answering answering =
        new Answering(
            (request, receiver) -> {
              if (!first.isDone()) {
                first.complete(receiver.begin(meta, 0, LARGE).length());
              } else {
                answer(meta, request, receiver);
              }
            });
    ObjectStore store = over(answering);
    CompletableFuture<BytesView> read;
    try (Lease others = nearlyAll("others")) {
      read = store.async().get(uri);
      assertThat(await(first)).as("bytes wanted of the first answer").isZero();
      assertThat(others.size()).isPositive();
    }
    try (BytesView view = await(read)) {
      assertThat(view.toByteArray()).isEqualTo(CONTENT);
    }
    assertThat(answering.reads).hasValue(7);
  }

  /** Takes so much that not even the object fits any more. */
  private Lease nearlyAll(Object holder) throws Exception {
    return pool.acquire(14 << 20, holder, Duration.ofSeconds(1));
  }

  @Test
  void waitingForMemoryInVainNamesWhoHoldsIt() throws Exception {
    ObjectStore store = over(memory, "memory-timeout", "1ms");
    try (Lease others = nearlyAll("someone else")) {
      assertThat(others.size()).isPositive();
      ObjectStoreException e = assertFails(Kind.OUT_OF_RESOURCES, () -> store.get(uri).close());
      assertThat(e.operation()).isEqualTo("get");
      assertThat(e.uri()).contains(uri);
      assertThat(e).hasMessageContaining("someone else: 14.00MiB");
    }
  }
}
