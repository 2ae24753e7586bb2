package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.payload;
import static io.s3dlio.s3.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.RequestEvent;
import io.s3dlio.rest.Crc32c;
import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.s3.WireServer.Reply;
import io.s3dlio.s3.WireServer.Request;
import io.s3dlio.spi.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncRequestBody;

class WriteTest {

  private static final Map<String, String> ETAG = Map.of("ETag", "\"e\"");

  @ParameterizedTest
  @EnumSource
  void storesBytesTypeMetadataAndChecksum(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      byte[] bytes = random(100_000, 1);
      ObjectUri uri = s3.uri("some/key");
      PutOptions options =
          PutOptions.DEFAULT
              .withContentType("text/plain")
              .withUserMetadata(Map.of("Gen", "a,b;c=\"d\"  e", "empty", ""));
      PutResult put = get(s3.backend.put(uri, payload(bytes), options));
      ObjectMeta meta = get(s3.backend.head(uri));
      assertThat(meta.size()).isEqualTo(bytes.length);
      assertThat(meta.etag()).isPresent().isEqualTo(put.etag());
      assertThat(meta.contentType()).contains("text/plain");
      assertThat(meta.userMetadata()).isEqualTo(Map.of("gen", "a,b;c=\"d\"  e", "empty", ""));
      assertThat(meta.crc32c()).contains(Fixture.crc32c(bytes));
      Fixture.Read read = s3.read(uri, ByteRange.WHOLE);
      assertThat(read.bytes()).isEqualTo(bytes);
      assertThat(read.meta()).isEqualTo(meta);
    }
  }

  @ParameterizedTest
  @EnumSource
  void storesNoChecksumWhereThatIsAskedFor(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server, "s3.checksum", "none")) {
      assertThat(s3.backend.capabilities().checksums()).isFalse();
      ObjectUri uri = s3.uri("k");
      get(s3.backend.put(uri, payload(random(1000, 2)), PutOptions.DEFAULT));
      assertThat(get(s3.backend.head(uri)).crc32c()).isEmpty();
      assertThat(s3.events)
          .extracting(RequestEvent::checksum)
          .containsOnly(RequestEvent.Checksum.NONE);
    }
  }

  /** Bytes that do not fit their checksum are what a broken memory or network would send. */
  @ParameterizedTest
  @EnumSource
  void reportsBytesThatTheStoreFindsBroken(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      Payload good = payload(random(1000, 3));
      Payload broken = new Payload(good.buffers(), good.size(), good.crc32c().map(crc -> crc ^ 1));
      assertThat(failure(s3.backend.put(s3.uri("k"), broken, PutOptions.DEFAULT)).kind())
          .isEqualTo(Kind.CHECKSUM_MISMATCH);
      assertThat(failure(s3.backend.head(s3.uri("k"))).kind()).isEqualTo(Kind.NOT_FOUND);
    }
  }

  @ParameterizedTest
  @EnumSource
  void meetsConditions(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      ObjectUri uri = s3.uri("k");
      Payload bytes = payload(random(100, 4));
      PutOptions create = PutOptions.DEFAULT.withMode(PutMode.CREATE);
      String etag = get(s3.backend.put(uri, bytes, create)).etag().orElseThrow();
      ObjectStoreException exists = failure(s3.backend.put(uri, bytes, create));
      assertThat(exists.kind()).isEqualTo(Kind.ALREADY_EXISTS);

      PutOptions swap = PutOptions.DEFAULT.withMode(PutMode.ifMatch(etag));
      get(s3.backend.put(uri, payload(random(100, 5)), swap));
      assertThat(failure(s3.backend.put(uri, bytes, swap)).kind())
          .isEqualTo(Kind.PRECONDITION_FAILED);
      ObjectStoreException none = failure(s3.backend.put(s3.uri("none"), bytes, swap));
      assertThat(none.kind()).isEqualTo(Kind.PRECONDITION_FAILED);
      assertThat(none).hasMessageContaining("there is no object");
    }
  }

  @Test
  void sendsTheMemoryOfTheSource() {
    ByteBuffer memory = ByteBuffer.allocateDirect(1000);
    ByteBuffer part = memory.slice(100, 800).asReadOnlyBuffer();
    AsyncRequestBody body = S3Backend.body(new Payload(List.of(part), 800, Optional.empty()));
    for (int subscription = 0; subscription < 2; subscription++) {
      List<ByteBuffer> sent = collect(body);
      assertThat(sent).hasSize(1);
      assertThat(sent.get(0).isDirect()).isTrue();
      assertThat(sent.get(0).remaining()).isEqualTo(800);
      memory.put(100 + 7, (byte) (40 + subscription)); // what is written there is seen here
      assertThat(sent.get(0).get(sent.get(0).position() + 7)).isEqualTo((byte) (40 + subscription));
      sent.get(0).position(sent.get(0).limit()); // as Netty does
    }
    assertThat(part.position()).isZero();
  }

  private static List<ByteBuffer> collect(AsyncRequestBody body) {
    List<ByteBuffer> all = new ArrayList<>();
    body.subscribe(
        new Subscriber<>() {
          @Override
          public void onSubscribe(Subscription s) {
            s.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(ByteBuffer buffer) {
            all.add(buffer);
          }

          @Override
          public void onError(Throwable e) {
            throw new AssertionError(e);
          }

          @Override
          public void onComplete() {}
        });
    return all;
  }

  @Test
  void sendsAPlainBodyWithAChecksumHeader() throws ObjectStoreException {
    try (WireServer server = WireServer.start((request, n) -> Reply.of(200, ETAG, new byte[0]));
        Fixture s3 = Fixture.on(server)) {
      byte[] bytes = random(200_000, 6);
      get(s3.backend.put(s3.uri("k"), payload(bytes), PutOptions.DEFAULT));
      Request request = server.requests().get(0);
      assertThat(request.body()).isEqualTo(bytes);
      assertThat(request.header("x-amz-checksum-crc32c"))
          .isEqualTo(Crc32c.encode(Fixture.crc32c(bytes)));
      assertThat(request.header("x-amz-content-sha256")).isEqualTo("UNSIGNED-PAYLOAD");
      assertThat(request.headers()).doesNotContainKeys("content-encoding", "x-amz-trailer");
    }
  }

  @Test
  void sendsNoChecksumHeaderWhereThatIsAskedFor() throws ObjectStoreException {
    try (WireServer server = WireServer.start((request, n) -> Reply.of(200, ETAG, new byte[0]));
        Fixture s3 = Fixture.on(server, "s3.checksum", "none")) {
      byte[] bytes = random(1000, 7);
      get(s3.backend.put(s3.uri("k"), payload(bytes), PutOptions.DEFAULT));
      Request request = server.requests().get(0);
      assertThat(request.body()).isEqualTo(bytes);
      assertThat(request.headers().keySet())
          .noneMatch(name -> name.contains("checksum") || name.contains("trailer"));
      assertThat(request.header("x-amz-content-sha256")).isEqualTo("UNSIGNED-PAYLOAD");
    }
  }

  @Test
  void sendsAllBytesAgainWhenItTriesAgain() throws ObjectStoreException {
    try (WireServer server =
            WireServer.start(
                (request, n) ->
                    n == 1
                        ? Reply.error(429, "SlowDown", "less")
                        : n == 2 ? Reply.hangUp() : Reply.of(200, ETAG, new byte[0]));
        Fixture s3 = Fixture.on(server, "retry.max-attempts", "3")) {
      byte[] bytes = random(3_000_000, 8);
      Payload whole = payload(bytes);
      ByteBuffer all = whole.buffers().get(0);
      Payload inTwo =
          new Payload(
              List.of(all.slice(0, 1_000_000), all.slice(1_000_000, 2_000_000)),
              bytes.length,
              whole.crc32c());
      get(s3.backend.put(s3.uri("k"), inTwo, PutOptions.DEFAULT));
      assertThat(server.requests()).hasSize(3);
      assertThat(server.requests()).allSatisfy(r -> assertThat(r.body()).isEqualTo(bytes));
      assertThat(s3.events).extracting(RequestEvent::attempt).containsExactly(1, 2, 3);
      assertThat(s3.events).extracting(RequestEvent::status).containsExactly(429, 0, 200);
      assertThat(s3.events)
          .extracting(e -> e.error().orElse(null))
          .containsExactly(Kind.THROTTLED, Kind.UNAVAILABLE, null);
      assertThat(s3.events).extracting(RequestEvent::bytes).containsExactly(0L, 0L, 3_000_000L);
    }
  }

  @Test
  void triesNoMoreThanItMay() throws ObjectStoreException {
    try (WireServer server =
            WireServer.start((request, n) -> Reply.error(500, "InternalError", "no"));
        Fixture s3 = Fixture.on(server, "retry.max-attempts", "3")) {
      ObjectStoreException e =
          failure(s3.backend.put(s3.uri("k"), payload(random(10, 9)), PutOptions.DEFAULT));
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(e.isRetryable()).isTrue();
      assertThat(server.requests()).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 501})
  void saysHowToTurnAnUnwantedChecksumOff(int status) throws ObjectStoreException {
    String code = status == 400 ? "InvalidArgument" : "NotImplemented";
    String message =
        status == 400
            ? "Unsupported header x-amz-checksum-crc32c"
            : "A header you provided implies functionality that is not implemented";
    try (WireServer server = WireServer.start((request, n) -> Reply.error(status, code, message));
        Fixture s3 = Fixture.on(server)) {
      assertThat(failure(s3.backend.put(s3.uri("k"), payload(random(10, 10)), PutOptions.DEFAULT)))
          .hasMessageContaining(server.endpoint().toString())
          .hasMessageContaining("s3.checksum=none");
      assertThat(failure(s3.backend.startMultipart(s3.uri("k"), 5 << 20, PutOptions.DEFAULT)))
          .hasMessageContaining("s3.checksum=none");
    }
  }

  /** The first try wrote the object, but its answer was lost; the second finds it there. */
  @Test
  void knowsItsOwnObjectAgain() throws ObjectStoreException {
    byte[] bytes = random(1000, 11);
    assertThat(get(createAfterALostAnswer(bytes, bytes.length, Fixture.crc32c(bytes))).etag())
        .contains("found");
  }

  @Test
  void takesNoOtherObjectForItsOwn() {
    byte[] bytes = random(1000, 11);
    int crc = Fixture.crc32c(bytes);
    assertThat(failure(createAfterALostAnswer(bytes, bytes.length, crc ^ 1)).kind())
        .isEqualTo(Kind.ALREADY_EXISTS);
    assertThat(failure(createAfterALostAnswer(bytes, bytes.length + 1, crc)).kind())
        .isEqualTo(Kind.ALREADY_EXISTS);
  }

  private static java.util.concurrent.CompletableFuture<PutResult> createAfterALostAnswer(
      byte[] bytes, int foundSize, int foundCrc) {
    Map<String, String> found =
        Map.of(
            "ETag", "\"found\"",
            "Content-Length", String.valueOf(foundSize),
            "x-amz-checksum-crc32c", Crc32c.encode(foundCrc));
    try (WireServer server =
            WireServer.start(
                (request, n) ->
                    request.method().equals("HEAD")
                        ? Reply.of(200, found, new byte[0])
                        : n == 1
                            ? Reply.hangUp()
                            : Reply.error(412, "PreconditionFailed", "exists"));
        Fixture s3 = Fixture.on(server, "retry.max-attempts", "2")) {
      PutOptions create = PutOptions.DEFAULT.withMode(PutMode.CREATE);
      var future = s3.backend.put(s3.uri("k"), payload(bytes), create);
      future.handle((result, error) -> null).join();
      return future;
    } catch (ObjectStoreException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void asksNobodyWhoseObjectItIsAfterASingleTry() throws ObjectStoreException {
    try (WireServer server =
            WireServer.start((request, n) -> Reply.error(412, "PreconditionFailed", "exists"));
        Fixture s3 = Fixture.on(server)) {
      PutOptions create = PutOptions.DEFAULT.withMode(PutMode.CREATE);
      assertThat(failure(s3.backend.put(s3.uri("k"), payload(random(10, 12)), create)).kind())
          .isEqualTo(Kind.ALREADY_EXISTS);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void repeatsAWriteThatTheStoreTurnedAwayForAnother() throws ObjectStoreException {
    try (WireServer server =
            WireServer.start(
                (request, n) ->
                    n == 1
                        ? Reply.error(409, "ConditionalRequestConflict", "again")
                        : Reply.of(200, ETAG, new byte[0]));
        Fixture s3 = Fixture.on(server, "retry.max-attempts", "2")) {
      PutOptions create = PutOptions.DEFAULT.withMode(PutMode.CREATE);
      assertThat(get(s3.backend.put(s3.uri("k"), payload(random(10, 13)), create)).etag())
          .contains("e");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ä", "日本", " lead", "trail ", "a\nb", "\u007f"})
  void refusesMetadataThatNoHeaderCarries(String value) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(Server.MINIO)) {
      PutOptions options = PutOptions.DEFAULT.withUserMetadata(Map.of("name", value));
      for (ObjectStoreException e :
          List.of(
              failure(s3.backend.put(s3.uri("k"), payload(random(10, 14)), options)),
              failure(s3.backend.startMultipart(s3.uri("k"), 5 << 20, options)))) {
        assertThat(e.kind()).isEqualTo(Kind.INVALID);
        assertThat(e).hasMessageContaining("'name'");
      }
      assertThat(s3.events).isEmpty();
    }
  }
}
