package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.payload;
import static io.s3dlio.s3.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteRange;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestEvent;
import io.s3dlio.RequestListener;
import io.s3dlio.Verification;
import io.s3dlio.rest.Crc32c;
import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.s3.Fixture.Taking;
import io.s3dlio.s3.WireServer.Reply;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.testkit.server.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReadTest {

  private static final ReadRequest WHOLE = new ReadRequest(ByteRange.WHOLE, Optional.empty());

  @ParameterizedTest
  @EnumSource
  void readsRanges(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      byte[] bytes = random(100_000, 1);
      ObjectUri uri = s3.uri("k");
      get(s3.backend.put(uri, payload(bytes), PutOptions.DEFAULT));
      for (ByteRange range :
          List.of(
              ByteRange.WHOLE,
              ByteRange.of(0, 1),
              ByteRange.of(99_990, 1000),
              ByteRange.of(0, 100_000),
              ByteRange.of(1, Long.MAX_VALUE - 1),
              ByteRange.from(0),
              ByteRange.from(99_999),
              ByteRange.suffix(1),
              ByteRange.suffix(1_000_000))) {
        Fixture.Read read = s3.read(uri, range);
        ByteRange.Span span = range.resolve(bytes.length).orElseThrow();
        assertThat(read.offset()).isEqualTo(span.offset());
        assertThat(read.bytes())
            .isEqualTo(
                Arrays.copyOfRange(
                    bytes, (int) span.offset(), (int) (span.offset() + span.length())));
        assertThat(read.meta().size()).isEqualTo(bytes.length);
      }
      for (ByteRange range : List.of(ByteRange.of(100_000, 1), ByteRange.from(100_000))) {
        assertThat(
                failure(s3.backend.read(uri, new ReadRequest(range, Optional.empty()), taking()))
                    .kind())
            .isEqualTo(Kind.RANGE_NOT_SATISFIABLE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsAnEmptyObjectWholeOnly(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      ObjectUri uri = s3.uri("empty");
      get(s3.backend.put(uri, payload(new byte[0]), PutOptions.DEFAULT));
      Fixture.Read read = s3.read(uri, ByteRange.WHOLE);
      assertThat(read.bytes()).isEmpty();
      assertThat(read.meta().crc32c()).contains(0);
      for (ByteRange range : List.of(ByteRange.of(0, 1), ByteRange.from(0), ByteRange.suffix(5))) {
        assertThat(
                failure(s3.backend.read(uri, new ReadRequest(range, Optional.empty()), taking()))
                    .kind())
            .as(range.toString())
            .isEqualTo(Kind.RANGE_NOT_SATISFIABLE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsOnlyTheETagThatItIsToldTo(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      ObjectUri uri = s3.uri("k");
      String first =
          get(s3.backend.put(uri, payload(random(10, 1)), PutOptions.DEFAULT)).etag().orElseThrow();
      ReadRequest pinned = new ReadRequest(ByteRange.WHOLE, Optional.of(first));
      get(s3.backend.read(uri, pinned, taking()));
      get(s3.backend.put(uri, payload(random(10, 2)), PutOptions.DEFAULT));
      assertThat(failure(s3.backend.read(uri, pinned, taking())).kind())
          .isEqualTo(Kind.PRECONDITION_FAILED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsNotFoundApart(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      assertThat(failure(s3.backend.read(s3.uri("none"), WHOLE, taking())))
          .hasMessageContaining("no such object")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.NOT_FOUND);
      ObjectUri elsewhere = ObjectUri.parse("s3://no-such-bucket-here/k");
      assertThat(failure(s3.backend.read(elsewhere, WHOLE, taking())))
          .hasMessageContaining("bucket `no-such-bucket-here` not found at http://127.0.0.1")
          .hasMessageContaining("s3dlio buckets s3://")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.NOT_FOUND);
    }
  }

  /** The engine takes the start of a large object from an answer to a request for all of it. */
  @ParameterizedTest
  @EnumSource
  void breaksAnswersOffWithoutLosingConnections(Server server) throws Exception {
    S3Server real = server.get();
    try (WireProxy proxy = WireProxy.to(real.endpoint());
        Fixture s3 = Fixture.on(real, proxy.endpoint(), "max-concurrency", "4")) {
      byte[] bytes = random(4 << 20, 3);
      ObjectUri uri = s3.uri("k");
      get(s3.backend.put(uri, payload(bytes), PutOptions.DEFAULT));
      s3.events.clear();
      for (int round = 0; round < 250; round++) {
        int most = round % 3 == 0 ? 0 : 1000 * round;
        List<Taking> takings = new ArrayList<>();
        List<CompletableFuture<Void>> reads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          Taking taking = new Taking(most);
          takings.add(taking);
          reads.add(s3.backend.read(uri, WHOLE, taking));
        }
        for (int i = 0; i < 4; i++) {
          get(reads.get(i));
          assertThat(takings.get(i).read().bytes()).isEqualTo(Arrays.copyOf(bytes, most));
        }
      }
      assertThat(s3.events).hasSize(1000);
      assertThat(s3.events).allSatisfy(e -> assertThat(e.error()).isEmpty());
      assertThat(s3.events).extracting(RequestEvent::attempt).containsOnly(1);
      // The pool of four serves four readers to the end: none of its places is lost.
      List<CompletableFuture<Void>> whole = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        whole.add(s3.backend.read(uri, WHOLE, taking()));
      }
      for (CompletableFuture<Void> read : whole) {
        get(read);
      }
      assertThat(proxy.awaitOpen(4, Duration.ofSeconds(10))).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void keepsAConnectionThatWasReadToTheEnd() throws Exception {
    S3Server real = Server.MINIO.get();
    try (WireProxy proxy = WireProxy.to(real.endpoint());
        Fixture s3 = Fixture.on(real, proxy.endpoint(), "max-concurrency", "1")) {
      ObjectUri uri = s3.uri("k");
      get(s3.backend.put(uri, payload(random(100_000, 4)), PutOptions.DEFAULT));
      for (int i = 0; i < 20; i++) {
        s3.read(uri, ByteRange.WHOLE);
      }
      assertThat(proxy.accepted()).isEqualTo(1);
    }
  }

  @Test
  void usesAllItsThreads() throws ObjectStoreException {
    int requests = 16;
    CountDownLatch asked = new CountDownLatch(requests);
    try (WireServer server =
            WireServer.start(
                (request, n) -> {
                  asked.countDown();
                  awaitAll(asked); // so that each has a connection of its own
                  return Reply.of(200, Map.of(), new byte[100]);
                });
        Fixture s3 = Fixture.on(server)) {
      Set<String> threads = ConcurrentHashMap.newKeySet();
      List<CompletableFuture<Void>> reads = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        reads.add(
            s3.backend.read(
                s3.uri("k"),
                WHOLE,
                (meta, offset, length) -> {
                  threads.add(Thread.currentThread().getName());
                  return new Receiver.Landing((at, src) -> src.position(src.limit()), length);
                }));
      }
      for (CompletableFuture<Void> read : reads) {
        get(read);
      }
      assertThat(threads)
          .hasSizeGreaterThanOrEqualTo(Math.min(2, Runtime.getRuntime().availableProcessors()))
          .allMatch(name -> name.startsWith("s3dlio-s3-"));
    }
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noticesAFlippedBit(Server server) throws Exception {
    byte[] bytes = random(300_000, 5);
    byte[] marker = "the byte after this is changed:x".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(marker, 0, bytes, 200_000, marker.length);
    S3Server real = server.get();
    try (WireProxy proxy = WireProxy.changing(real.endpoint(), marker);
        Fixture direct = Fixture.on(server);
        ObjectStore store =
            ObjectStores.open(
                direct.bucket, Fixture.config(real, proxy.endpoint()), RequestListener.NONE)) {
      ObjectUri uri = direct.uri("k");
      get(direct.backend.put(uri, payload(bytes), PutOptions.DEFAULT));
      assertThatThrownBy(() -> store.get(uri).close())
          .isInstanceOfSatisfying(
              ObjectStoreException.class,
              e -> assertThat(e.kind()).isEqualTo(Kind.CHECKSUM_MISMATCH));
      assertThat(proxy.changed()).isPositive();
    }
    try (Fixture direct = Fixture.on(server);
        ObjectStore store =
            ObjectStores.open(
                direct.bucket, Fixture.config(real, real.endpoint()), RequestListener.NONE)) {
      ObjectUri uri = direct.uri("k");
      get(direct.backend.put(uri, payload(bytes), PutOptions.DEFAULT));
      try (GetResult result = store.get(uri, GetOptions.DEFAULT)) {
        assertThat(result.verification()).isEqualTo(Verification.VERIFIED);
        assertThat(result.bytes().toByteArray()).isEqualTo(bytes);
      }
    }
  }

  @Test
  void takesAChecksumOfPartsForNone() throws ObjectStoreException {
    byte[] bytes = random(10, 6);
    for (Map<String, String> headers :
        List.of(
            Map.of("x-amz-checksum-crc32c", "9vMv3w==-3", "x-amz-checksum-type", "COMPOSITE"),
            Map.of("x-amz-checksum-crc32c", "9vMv3w==-3"),
            Map.of("x-amz-checksum-crc32c", "9vMv3w==", "x-amz-checksum-type", "COMPOSITE"),
            Map.of("x-amz-checksum-crc32c", "no Base64!"))) {
      try (WireServer server = WireServer.start((request, n) -> Reply.of(200, headers, bytes));
          Fixture s3 = Fixture.on(server)) {
        assertThat(s3.read(s3.uri("k"), ByteRange.WHOLE).meta().crc32c()).isEmpty();
        assertThat(server.requests().get(0).header("x-amz-checksum-mode")).isEqualTo("ENABLED");
      }
    }
  }

  /** What S3 gives with a range may be the checksum of a part. */
  @Test
  void takesNoChecksumFromAPartOfAnObject() throws ObjectStoreException {
    Map<String, String> headers =
        Map.of("Content-Range", "bytes 0-9/20", "x-amz-checksum-crc32c", Crc32c.encode(1));
    try (WireServer server =
            WireServer.start((request, n) -> Reply.of(206, headers, new byte[10]));
        Fixture s3 = Fixture.on(server)) {
      assertThat(s3.read(s3.uri("k"), ByteRange.of(0, 10)).meta().crc32c()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Content-Range, length of the body
    "bytes 1-10/100, 10",
    "bytes 0-9/100, 9",
    "bytes 0-19/100, 20",
    "bytes 0-9/5, 10",
    "bytes 0-9/*, 10",
    "bytes 9-0/100, 10",
    "lines 0-9/100, 10",
    "bytes 0-9/99999999999999999999, 10",
    "'', 100",
  })
  void refusesOtherBytesThanItAskedFor(String contentRange, int length)
      throws ObjectStoreException {
    Map<String, String> headers =
        contentRange.isEmpty() ? Map.of() : Map.of("Content-Range", contentRange);
    try (WireServer server =
            WireServer.start(
                (request, n) ->
                    Reply.of(contentRange.isEmpty() ? 200 : 206, headers, new byte[length]));
        Fixture s3 = Fixture.on(server, "retry.max-attempts", "3")) {
      Taking taking = taking();
      ReadRequest request = new ReadRequest(ByteRange.of(0, 10), Optional.empty());
      ObjectStoreException e = failure(s3.backend.read(s3.uri("k"), request, taking));
      assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED);
      assertThat(taking.begins).isZero();
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void beginsAnewWhenAnAnswerEndsEarly() throws ObjectStoreException {
    byte[] bytes = random(50_000, 7);
    Map<String, String> promised = new LinkedHashMap<>();
    promised.put("Content-Length", "50000");
    promised.put("ETag", "\"e\"");
    try (WireServer server =
            WireServer.start(
                (request, n) ->
                    n < 3
                        ? Reply.of(200, promised, Arrays.copyOf(bytes, 20_000 * n)).thenClose()
                        : Reply.of(200, promised, bytes));
        Fixture s3 = Fixture.on(server, "retry.max-attempts", "3")) {
      Taking taking = taking();
      get(s3.backend.read(s3.uri("k"), WHOLE, taking));
      assertThat(taking.read().bytes()).isEqualTo(bytes);
      assertThat(taking.begins).isEqualTo(3);
      assertThat(s3.events)
          .extracting(e -> e.error().orElse(null))
          .containsExactly(Kind.UNAVAILABLE, Kind.UNAVAILABLE, null);
    }
  }

  @Test
  void reportsAnAnswerThatAlwaysEndsEarly() throws ObjectStoreException {
    try (WireServer server =
            WireServer.start(
                (request, n) ->
                    Reply.of(200, Map.of("Content-Length", "100"), new byte[99]).thenClose());
        Fixture s3 = Fixture.on(server, "retry.max-attempts", "2")) {
      assertThat(failure(s3.backend.read(s3.uri("k"), WHOLE, taking())).kind())
          .isEqualTo(Kind.UNAVAILABLE);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void doesNotRepeatWhatTheReceiverRefuses() throws ObjectStoreException {
    try (WireServer server =
            WireServer.start((request, n) -> Reply.of(200, Map.of(), new byte[100]));
        Fixture s3 = Fixture.on(server, "retry.max-attempts", "3")) {
      ObjectStoreException mine =
          new ObjectStoreException(Kind.PRECONDITION_FAILED, "get", null, "mine", null);
      assertThat(
              failure(
                  s3.backend.read(
                      s3.uri("k"),
                      WHOLE,
                      (meta, offset, length) -> {
                        throw mine;
                      })))
          .isSameAs(mine);
      IOException full = new IOException("disk full");
      ObjectStoreException e =
          failure(
              s3.backend.read(
                  s3.uri("k"),
                  WHOLE,
                  (meta, offset, length) ->
                      new Receiver.Landing(
                          (at, src) -> {
                            throw full;
                          },
                          length)));
      assertThat(e).hasMessageContaining("disk full").hasCause(full);
      assertThat(server.requests()).hasSize(2);
      assertThat(s3.events).hasSize(2);
    }
  }

  @Test
  void canBeGivenUp() throws Exception {
    try (WireServer server =
            WireServer.start(
                (request, n) -> Reply.of(200, Map.of("Content-Length", "1000"), new byte[10]));
        WireProxy proxy = WireProxy.to(server.endpoint());
        Fixture s3 = Fixture.on(server, "s3.endpoint", proxy.endpoint().toString())) {
      CompletableFuture<io.s3dlio.ObjectMeta> begun = new CompletableFuture<>();
      CompletableFuture<Void> read =
          s3.backend.read(
              s3.uri("k"),
              WHOLE,
              (meta, offset, length) -> {
                begun.complete(meta);
                return new Receiver.Landing((at, src) -> {}, length);
              });
      get(begun);
      assertThat(read.cancel(true)).isTrue();
      assertThat(proxy.awaitOpen(0, Duration.ofSeconds(10))).isZero();
    }
  }

  private static Taking taking() {
    return new Taking(Long.MAX_VALUE);
  }
}
