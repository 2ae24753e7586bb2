package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.payload;
import static io.s3dlio.s3.Fixture.random;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ListOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestEvent;
import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.s3.WireServer.Reply;
import io.s3dlio.testkit.server.S3Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers are told when something goes wrong. */
class ErrorTest {

  private static ObjectStoreException put(Fixture s3) {
    return failure(s3.backend.put(s3.uri("k"), payload(random(10, 1)), PutOptions.DEFAULT));
  }

  private static String whole(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "404, NoSuchKey, NOT_FOUND",
    "404, NoSuchBucket, NOT_FOUND",
    "404, '', NOT_FOUND",
    "404, NoSuchUpload, NOT_FOUND",
    "409, BucketAlreadyOwnedByYou, ALREADY_EXISTS",
    "409, OperationAborted, UNAVAILABLE",
    "409, Whatever, UNKNOWN",
    "412, PreconditionFailed, PRECONDITION_FAILED",
    "412, '', PRECONDITION_FAILED",
    "403, AccessDenied, PERMISSION_DENIED",
    "403, '', PERMISSION_DENIED",
    "403, InvalidAccessKeyId, UNAUTHENTICATED",
    "403, SignatureDoesNotMatch, UNAUTHENTICATED",
    "403, RequestTimeTooSkewed, UNAUTHENTICATED",
    "400, ExpiredToken, UNAUTHENTICATED",
    "401, '', UNAUTHENTICATED",
    "403, InvalidObjectState, UNSUPPORTED",
    "400, BadDigest, CHECKSUM_MISMATCH",
    "400, XAmzContentChecksumMismatch, CHECKSUM_MISMATCH",
    "400, RequestTimeout, TIMEOUT",
    "408, '', TIMEOUT",
    "400, InvalidArgument, INVALID",
    "400, '', INVALID",
    "400, XMinioInvalidObjectName, INVALID",
    "405, MethodNotAllowed, UNSUPPORTED",
    "416, InvalidRange, RANGE_NOT_SATISFIABLE",
    "429, '', THROTTLED",
    "503, SlowDown, THROTTLED",
    "503, ServiceUnavailable, UNAVAILABLE",
    "500, InternalError, UNAVAILABLE",
    "502, '', UNAVAILABLE",
    "504, '', UNAVAILABLE",
    "501, NotImplemented, UNSUPPORTED",
    "507, XMinioStorageFull, OUT_OF_RESOURCES",
    "507, '', OUT_OF_RESOURCES",
  })
  void knowsWhatAnAnswerMeans(int status, String code, Kind kind) throws ObjectStoreException {
    Reply reply = code.isEmpty() ? Reply.of(status) : Reply.error(status, code, "the message");
    try (WireServer server = WireServer.start((request, n) -> reply);
        Fixture s3 = Fixture.on(server)) {
      ObjectStoreException e = put(s3);
      assertThat(e.kind()).isEqualTo(kind);
      assertThat(e.operation()).isEqualTo("put");
      assertThat(e.uri()).contains(s3.uri("k"));
      assertThat(e).hasMessageContaining(server.endpoint().toString());
      assertThat(e.getCause()).isNotNull();
      assertThat(s3.events).hasSize(1);
      assertThat(s3.events.get(0).error()).contains(kind);
      assertThat(s3.events.get(0).status()).isEqualTo(status);
      assertThat(s3.events.get(0).endpoint()).isEqualTo(server.endpoint().toString());
    }
  }

  /** Damaged on the way, say: the connection is fine, and what came over it is not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<InitiateMultipartUploadResult><UploadId>u</Up",
        "<InitiateMultipartUploadResult><Upl\u0003oadId>u</UploadId>",
        "<?xml version=\"1.0\"m><InitiateMultipartUploadResult/>",
        "<InitiateMultipartUploadResult><UploadId>&#0;</UploadId>",
        "not XML at all",
      })
  void saysThatAnAnswerCannotBeRead(String body) throws ObjectStoreException {
    for (byte[] bytes : List.of(body.getBytes(UTF_8), withoutUtf8(body))) {
      Reply reply = Reply.of(200, Map.of("Content-Type", "application/xml"), bytes);
      try (WireServer server = WireServer.start((request, n) -> reply);
          Fixture s3 = Fixture.on(server)) {
        ObjectStoreException e =
            failure(s3.backend.startMultipart(s3.uri("k"), 5 << 20, PutOptions.DEFAULT));
        assertThat(e)
            .hasMessageContaining("cannot be read")
            .hasMessageContaining(server.endpoint().toString())
            .extracting(ObjectStoreException::kind)
            .isEqualTo(Kind.UNAVAILABLE);
        assertThat(s3.events).extracting(x -> x.error().orElseThrow()).containsExactly(e.kind());
      }
    }
  }

  /** What is well-formed and makes no sense all the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<LastModified>2026-11-22T00:24:56.x33Z</LastModified>",
        "<Size>12x4</Size><LastModified>2026-11-22T00:24:56.133Z</LastModified>",
      })
  void saysThatAValueCannotBeRead(String fields) throws ObjectStoreException {
    String body =
        "<ListBucketResult><Contents><Key>a</Key>" + fields + "</Contents></ListBucketResult>";
    Reply reply = Reply.of(200, Map.of("Content-Type", "application/xml"), body.getBytes(UTF_8));
    try (WireServer server = WireServer.start((request, n) -> reply);
        Fixture s3 = Fixture.on(server)) {
      ObjectStoreException e = failure(s3.backend.list(s3.uri(""), ListOptions.ALL).next());
      assertThat(e).hasMessageContaining("cannot be read").hasMessageContaining("try again");
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
    }
  }

  private static final String LISTED =
      "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%s</Key><Size>1</Size>"
          + "</Contents><CommonPrefixes><Prefix>%s</Prefix></CommonPrefixes></ListBucketResult>";

  /** A bit that was turned on the way: another answer may be sound. */
  @ParameterizedTest
  @CsvSource({"a%2g, b%2F", "a%2F, b%G0", "a, b%2", "&#65535;, b"})
  void asksAgainForAListingThatCannotBeRead(String key, String prefix) throws ObjectStoreException {
    Reply damaged = Reply.xml(200, LISTED.formatted(key, prefix), Map.of());
    Reply sound = Reply.xml(200, LISTED.formatted("a%2F", "b%2F"), Map.of());
    try (WireServer server = WireServer.start((request, n) -> n == 2 ? sound : damaged);
        Fixture s3 = Fixture.on(server, "retry.max-attempts", "2")) {
      assertThat(s3.keys("")).containsExactly("a/", "b/");
      ObjectStoreException e = failure(s3.backend.list(s3.uri(""), ListOptions.ALL).next());
      assertThat(e).hasMessageContaining("cannot be read").hasMessageContaining("try again");
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(s3.events)
          .extracting(x -> x.error().orElse(null))
          .containsExactly(Kind.UNAVAILABLE, null, Kind.UNAVAILABLE, Kind.UNAVAILABLE);
    }
  }

  /** Stores repeat in each page what they were asked. Nobody needs it. */
  @Test
  void readsAListingThatRepeatsItsQuestionBadly() throws ObjectStoreException {
    String page =
        LISTED.formatted("a%2F", "b").replace("<Contents>", "<Prefix>%2g</Prefix><Contents>");
    try (WireServer server = WireServer.start((request, n) -> Reply.xml(200, page, Map.of()));
        Fixture s3 = Fixture.on(server)) {
      assertThat(s3.keys("")).containsExactly("a/", "b");
    }
  }

  /** What is asked, and the answers to it: one without what it is for, and a sound one. */
  private enum Asked {
    BUCKETS("<Bucket/>", "<Bucket><Name>n</Name></Bucket>") {
      @Override
      CompletableFuture<?> ask(Fixture s3) {
        return s3.backend.listBuckets(s3.bucket);
      }

      @Override
      String whole(String part) {
        return "<ListAllMyBucketsResult><Buckets>" + part + "</Buckets></ListAllMyBucketsResult>";
      }
    },
    COPY("", "<ETag>e</ETag>") {
      @Override
      CompletableFuture<?> ask(Fixture s3) {
        return s3.backend.copy(s3.uri("from"), s3.uri("to"));
      }

      @Override
      String whole(String part) {
        return part.isEmpty() ? "" : "<CopyObjectResult>" + part + "</CopyObjectResult>";
      }
    },
    DELETE_ALL("<Deleted/>", "<Deleted><Key>a</Key></Deleted><Deleted><Key>b</Key></Deleted>") {
      @Override
      CompletableFuture<?> ask(Fixture s3) {
        return s3.backend.deleteAll(List.of(s3.uri("a"), s3.uri("b")));
      }

      @Override
      String whole(String part) {
        return "<DeleteResult>" + part + "</DeleteResult>";
      }
    },
    START_MULTIPART("<Bucket>b</Bucket>", "<UploadId>u</UploadId>") {
      @Override
      CompletableFuture<?> ask(Fixture s3) {
        return s3.backend.startMultipart(s3.uri("k"), 5 << 20, PutOptions.DEFAULT);
      }

      @Override
      String whole(String part) {
        return "<InitiateMultipartUploadResult>" + part + "</InitiateMultipartUploadResult>";
      }
    },
    TAGS("<Tag><Key>a</Key></Tag>", "<Tag><Key>a</Key><Value>1</Value></Tag>") {
      @Override
      CompletableFuture<?> ask(Fixture s3) {
        return s3.backend.tags(s3.uri("k"));
      }

      @Override
      String whole(String part) {
        return "<Tagging><TagSet>" + part + "</TagSet></Tagging>";
      }
    };

    final String damaged;
    final String sound;

    Asked(String damaged, String sound) {
      this.damaged = damaged;
      this.sound = sound;
    }

    abstract CompletableFuture<?> ask(Fixture s3);

    abstract String whole(String part);
  }

  @ParameterizedTest
  @EnumSource
  void asksAgainForAnAnswerWithoutWhatItIsFor(Asked asked) throws ObjectStoreException {
    Reply damaged = Reply.xml(200, asked.whole(asked.damaged), Map.of());
    Reply sound = Reply.xml(200, asked.whole(asked.sound), Map.of());
    AtomicInteger answers = new AtomicInteger();
    WireServer.Script once =
        (request, n) ->
            request.method().equals("HEAD")
                ? Reply.of(200)
                : answers.incrementAndGet() == 1 ? damaged : sound;
    try (WireServer server = WireServer.start(once);
        Fixture s3 = Fixture.on(server, "retry.max-attempts", "2")) {
      Object answer = Fixture.get(asked.ask(s3));
      if (asked == Asked.DELETE_ALL) {
        assertThat(answer).isEqualTo(Map.of());
      }
      assertThat(s3.events)
          .filteredOn(x -> !x.operation().equals("head"))
          .extracting(x -> x.error().orElse(null))
          .containsExactly(Kind.UNAVAILABLE, null);
    }
    WireServer.Script always =
        (request, n) -> request.method().equals("HEAD") ? Reply.of(200) : damaged;
    try (WireServer server = WireServer.start(always);
        Fixture s3 = Fixture.on(server)) {
      assertThat(failure(asked.ask(s3)))
          .hasMessageContaining("cannot be read")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.UNAVAILABLE);
    }
  }

  /** A line break is one bit from a J. MinIO deletes the object where such an upload is aborted. */
  @ParameterizedTest
  @ValueSource(strings = {"u\n1", "u 1", "", "u\u00e91"})
  void usesNoUploadWhoseIdIsDamaged(String id) throws ObjectStoreException {
    String body =
        "<InitiateMultipartUploadResult><UploadId>%s</UploadId></InitiateMultipartUploadResult>";
    try (WireServer server =
            WireServer.start(
                (request, n) -> Reply.xml(200, body.formatted(n == 1 ? id : "u1"), Map.of()));
        Fixture s3 = Fixture.on(server, "retry.max-attempts", "2")) {
      Fixture.get(s3.backend.startMultipart(s3.uri("k"), 5 << 20, PutOptions.DEFAULT));
      assertThat(server.requests()).hasSize(2);
    }
  }

  private static byte[] withoutUtf8(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    bytes[bytes.length / 2] = (byte) 0xb7;
    return bytes;
  }

  /** The answer to a HEAD has no body, which is where stores say why. */
  @ParameterizedTest
  @CsvSource({"400, INVALID", "403, PERMISSION_DENIED"})
  void saysWhereToLookWhenAHeadIsRefused(int status, Kind kind) throws ObjectStoreException {
    try (WireServer server = WireServer.start((request, n) -> Reply.of(status));
        Fixture s3 = Fixture.on(server)) {
      ObjectStoreException e = failure(s3.backend.head(s3.uri("k")));
      assertThat(e.kind()).isEqualTo(kind);
      assertThat(e)
          .hasMessageContaining("answers " + status + " and, as to any HEAD, does not say why")
          .hasMessageContaining("check the credentials");
    }
  }

  @Test
  void namesTheRegionOfTheBucket() throws ObjectStoreException {
    Map<String, String> headers =
        Map.of("x-amz-bucket-region", "eu-west-3", "Content-Type", "application/xml");
    byte[] body =
        "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    for (int status : new int[] {301, 307, 400}) {
      try (WireServer server = WireServer.start((request, n) -> Reply.of(status, headers, body));
          Fixture s3 = Fixture.on(server)) {
        assertThat(put(s3))
            .hasMessageContaining("s3.region=eu-west-3")
            .hasMessageContaining("us-east-1")
            .extracting(ObjectStoreException::kind)
            .isEqualTo(Kind.INVALID);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysWhichCredentialsAreWrongAndShowsNone(Server server) throws ObjectStoreException {
    S3Server real = server.get();
    try (Fixture right = Fixture.on(server);
        Fixture wrongSecret = onSame(real, "s3.secret-key", "hush-hush-hush");
        Fixture wrongKey = onSame(real, "s3.access-key", "nobody");
        Fixture anonymous = anonymous(real)) {
      ObjectUri uri = right.uri("k");
      ObjectStoreException secret = failure(wrongSecret.backend.head(uri));
      ObjectStoreException key =
          failure(wrongKey.backend.put(uri, payload(random(1, 1)), PutOptions.DEFAULT));
      ObjectStoreException none =
          failure(anonymous.backend.put(uri, payload(random(1, 1)), PutOptions.DEFAULT));
      assertThat(key.kind()).isEqualTo(Kind.UNAUTHENTICATED);
      assertThat(key).hasMessageContaining("does not know the access key");
      assertThat(none.kind()).isEqualTo(Kind.PERMISSION_DENIED);
      ObjectStoreException written =
          failure(wrongSecret.backend.put(uri, payload(random(1, 1)), PutOptions.DEFAULT));
      assertThat(written.kind()).isEqualTo(Kind.UNAUTHENTICATED);
      assertThat(written).hasMessageContaining("check the secret key");
      for (ObjectStoreException e : List.of(secret, key, none, written)) {
        assertThat(whole(e)).doesNotContain("hush-hush-hush", real.secretKey());
      }
    }
  }

  private static Fixture onSame(S3Server real, String... settings) throws ObjectStoreException {
    return Fixture.open(Fixture.with(Fixture.config(real, real.endpoint()), settings));
  }

  private static Fixture anonymous(S3Server real) throws ObjectStoreException {
    return Fixture.open(
        Fixture.defaults()
            .with(S3Keys.ENDPOINT, real.endpoint().toString())
            .with(S3Keys.ANONYMOUS, "true"));
  }

  @Test
  void tellsThatNothingListens() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = socket.getLocalPort();
    }
    try (Fixture s3 = unreachable("http://127.0.0.1:" + port)) {
      assertThat(put(s3))
          .hasMessageContaining("nothing answers at http://127.0.0.1:" + port)
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.UNAVAILABLE);
      assertThat(s3.events).hasSize(2);
      assertThat(s3.events)
          .allSatisfy(e -> assertThat(e.error()).contains(Kind.UNAVAILABLE))
          .extracting(RequestEvent::status)
          .containsOnly(0);
    }
  }

  /** See {@link EventLoops}: one of about thirty hung. */
  @Test
  void forgetsNoRequestWhoseFirstConnectionFails() throws Exception {
    for (int i = 0; i < 100; i++) {
      int port;
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
        port = socket.getLocalPort();
      }
      try (Fixture s3 = unreachable("http://127.0.0.1:" + port)) {
        assertThat(put(s3).kind()).isEqualTo(Kind.UNAVAILABLE);
      }
      try (Fixture s3 = unreachable("http://no-such-host.invalid:9000")) {
        assertThat(put(s3).kind()).isEqualTo(Kind.UNAVAILABLE);
      }
    }
  }

  @Test
  void tellsThatNoHostIsKnown() throws ObjectStoreException {
    try (Fixture s3 = unreachable("http://no-such-host.invalid:9000")) {
      assertThat(put(s3))
          .hasMessageContaining("the host of http://no-such-host.invalid:9000 is not known")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.UNAVAILABLE);
    }
  }

  private static Fixture unreachable(String endpoint) throws ObjectStoreException {
    return Fixture.open(
        Fixture.with(
            Fixture.defaults(),
            "s3.endpoint",
            endpoint,
            "s3.access-key",
            "key",
            "s3.secret-key",
            "hush",
            "retry.max-attempts",
            "2",
            "retry.base-delay",
            "1ms"));
  }

  @Test
  void givesUpWhenTheDeadlineOfTheRequestIsOver() throws ObjectStoreException {
    try (WireServer server = WireServer.start((request, n) -> Reply.silence());
        Fixture s3 = Fixture.on(server, "request-timeout", "300ms", "retry.max-attempts", "9")) {
      long start = System.nanoTime();
      ObjectStoreException e = put(s3);
      assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(e).hasMessageContaining("request-timeout");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      assertThat(s3.events).extracting(x -> x.error().orElseThrow()).containsExactly(Kind.TIMEOUT);
    }
  }

  @Test
  void triesAgainWhenAConnectionIsSilent() throws ObjectStoreException {
    try (WireServer server =
            WireServer.start(
                (request, n) ->
                    n == 1
                        ? Reply.silence()
                        : Reply.of(200, Map.of("ETag", "\"e\""), new byte[0]));
        Fixture s3 = Fixture.on(server, "s3.read-timeout", "200ms", "retry.max-attempts", "2")) {
      Fixture.get(s3.backend.put(s3.uri("k"), payload(random(10, 1)), PutOptions.DEFAULT));
      assertThat(s3.events)
          .extracting(e -> e.error().orElse(null))
          .containsExactly(Kind.TIMEOUT, null);
    }
  }

  @Test
  void asksTheBucketsOwnHostWhereThePathIsNotToHoldIt() throws ObjectStoreException {
    try (Fixture s3 =
        Fixture.open(
            Fixture.with(
                Fixture.defaults(),
                "s3.endpoint",
                "http://no-such-host.invalid:9000",
                "s3.anonymous",
                "true",
                "s3.path-style",
                "false",
                "retry.max-attempts",
                "1"))) {
      put(s3);
      assertThat(s3.events)
          .extracting(RequestEvent::endpoint)
          .containsExactly("http://bucket.no-such-host.invalid:9000");
    }
  }

  @Test
  void refusesABucketNameThatNoBucketHas() throws ObjectStoreException {
    try (WireServer server = WireServer.start((request, n) -> Reply.of(200));
        Fixture s3 = Fixture.on(server)) {
      ObjectUri uri = ObjectUri.parse("s3:///key");
      assertThat(failure(s3.backend.head(uri)).kind()).isEqualTo(Kind.INVALID);
      ObjectUri host = ObjectUri.parse("s3://127.0.0.1:9000/");
      for (ObjectUri none : List.of(uri, host)) {
        assertThat(failure(s3.backend.list(none, ListOptions.ALL).next()))
            .hasMessageContaining(": no bucket is named; write s3://")
            .extracting(ObjectStoreException::kind)
            .isEqualTo(Kind.INVALID);
      }
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void failsAfterItWasClosed() throws ObjectStoreException, IOException {
    try (WireServer server = WireServer.start((request, n) -> Reply.of(200))) {
      Fixture s3 = Fixture.on(server);
      s3.close();
      s3.close();
      assertThat(put(s3))
          .hasMessageContaining("closed")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.INVALID);
    }
  }

  /**
   * The SDK's client has no class for it, and it comes now and then, in place of a read time-out.
   */
  @Test
  void takesTheSdksIdleWritesForATimeOut() throws Exception {
    IOException idle =
        new IOException(
            "No data was written to the request body within 300ms. This can occur if the request"
                + " body publisher is not producing data, for example when ...");
    try (WireServer server = WireServer.start((request, n) -> Reply.of(200));
        Fixture s3 = Fixture.on(server)) {
      ObjectUri uri = s3.uri("key");
      S3Call call = S3Call.of("put", "put", uri, s3.backend.connections().to(Place.of(uri)));
      assertThat(S3Errors.of(call, idle).kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(S3Errors.of(call, new IOException("Broken pipe")).kind())
          .isEqualTo(Kind.UNAVAILABLE);
    }
  }
}
