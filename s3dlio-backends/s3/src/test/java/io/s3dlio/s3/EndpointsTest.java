package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.payload;
import static io.s3dlio.s3.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteRange;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.StoreConfig;
import io.s3dlio.s3.WireServer.Reply;
import io.s3dlio.s3.WireServer.Request;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.testkit.server.MinioServer;
import io.s3dlio.testkit.server.S3Server;
import io.s3dlio.testkit.server.TestCertificate;
import io.s3dlio.testkit.server.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which of the endpoints of AWS is asked: by way of a proxy, which leads every request to a server
 * with a certificate for those names.
 */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class EndpointsTest {

  private static final String EXPRESS = "b--usw2-az1--x-s3";

  private static final List<String> NAMES =
      List.of(
          "s3.eu-west-3.amazonaws.com",
          "bucket.s3.eu-west-3.amazonaws.com",
          "bucket.s3-fips.us-east-2.amazonaws.com",
          "bucket.s3.dualstack.us-east-2.amazonaws.com",
          "bucket.s3-fips.dualstack.us-east-2.amazonaws.com",
          "bucket.s3.eu-central-1.amazonaws.com",
          EXPRESS + ".s3express-usw2-az1.us-west-2.amazonaws.com");

  private static final Map<String, String> ETAG = Map.of("ETag", "\"e\"");

  @TempDir static Path directory;

  private static TestCertificate certificate;
  private static SSLContext tls;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = TestCertificate.of(directory, "aws", "dns:" + String.join(",dns:", NAMES));
    tls = certificate.server();
  }

  @AfterEach
  void forgetTheProxy() {
    System.clearProperty("http.proxyHost");
    System.clearProperty("http.proxyPort");
  }

  private static WireServer server(WireServer.Script script) {
    return WireServer.start(tls.getServerSocketFactory(), "https", script);
  }

  /** Over either transport; that of the SDK reads properties of the JVM, not the environment. */
  private static Fixture aws(WireProxy proxy, String region, String... settings)
      throws ObjectStoreException {
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", String.valueOf(proxy.endpoint().getPort()));
    StoreConfig config =
        Fixture.defaults()
            .with(S3Keys.REGION, region)
            .with(S3Keys.ACCESS_KEY, "key")
            .with(S3Keys.SECRET_KEY, "hush-hush")
            .with(S3Keys.CA_BUNDLE, certificate.pem().toString())
            .with(StoreConfig.RETRY_MAX_ATTEMPTS, "1");
    return Fixture.in(
        Map.of("https_proxy", proxy.endpoint().toString()), Fixture.with(config, settings));
  }

  @ParameterizedTest
  @CsvSource({
    "s3://bucket/k, eu-west-3, s3.path-style, auto, bucket.s3.eu-west-3, /k",
    "s3://bucket/k, eu-west-3, s3.path-style, false, bucket.s3.eu-west-3, /k",
    "s3://bucket/k, eu-west-3, s3.path-style, true, s3.eu-west-3, /bucket/k",
    "s3://dots.in.it/k, eu-west-3, s3.path-style, auto, s3.eu-west-3, /dots.in.it/k",
    "s3://bucket/k, us-east-2, s3.fips, true, bucket.s3-fips.us-east-2, /k",
    "s3://bucket/k, us-east-2, s3.dual-stack, true, bucket.s3.dualstack.us-east-2, /k",
  })
  void namesTheBucketInTheHostOrInThePath(
      String uri, String region, String key, String value, String host, String target)
      throws ObjectStoreException {
    try (WireServer server = server((request, n) -> Reply.of(200, ETAG, new byte[0]));
        WireProxy proxy = WireProxy.tunnel(server.endpoint());
        Fixture s3 = aws(proxy, region, key, value)) {
      get(s3.backend.head(ObjectUri.parse(uri)));
      assertThat(proxy.asked()).containsExactly(host + ".amazonaws.com:443");
      assertThat(server.requests().get(0).header("host")).isEqualTo(host + ".amazonaws.com");
      assertThat(server.requests().get(0).target()).isEqualTo(target);
      assertThat(s3.events).first().satisfies(e -> assertThat(e.endpoint()).contains(host));
    }
  }

  @Test
  void asksForFipsAndIpv6AtOnce() throws ObjectStoreException {
    try (WireServer server = server((request, n) -> Reply.error(403, "AccessDenied", "no"));
        WireProxy proxy = WireProxy.tunnel(server.endpoint());
        Fixture s3 = aws(proxy, "us-east-2", "s3.fips", "true", "s3.dual-stack", "true")) {
      assertThat(failure(s3.backend.head(s3.uri("k"))))
          .hasMessageContaining("https://s3-fips.dualstack.us-east-2.amazonaws.com");
      assertThat(proxy.asked())
          .containsExactly("bucket.s3-fips.dualstack.us-east-2.amazonaws.com:443");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3.fips", "s3.dual-stack"})
  void refusesAnEndpointOfAwsWhereAnotherIsSet(String key) {
    S3Settings settings =
        S3Settings.of(
            Fixture.with(Fixture.defaults(), key, "true", "s3.endpoint", "http://127.0.0.1:1"),
            Map.of());
    assertThatThrownBy(() -> settings.endpoint(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key);
  }

  /** Every kind of request, the body of a put included, goes to the bucket's region. */
  @Test
  void followsABucketIntoItsRegion() throws ObjectStoreException {
    byte[] bytes = random(300_000, 1);
    try (WireServer server = server((request, n) -> inFrankfurt(request, bytes));
        WireProxy proxy = WireProxy.tunnel(server.endpoint())) {
      redirected(
          proxy, s3 -> assertThat(get(s3.backend.head(s3.uri("k"))).size()).isEqualTo(300_000));
      redirected(
          proxy, s3 -> assertThat(s3.read(s3.uri("k"), ByteRange.WHOLE).bytes()).isEqualTo(bytes));
      redirected(proxy, s3 -> assertThat(s3.list("", ListOptions.ALL)).isEmpty());
      redirected(proxy, s3 -> get(s3.backend.put(s3.uri("k"), payload(bytes), PutOptions.DEFAULT)));
      assertThat(last(server).body()).isEqualTo(bytes);
      redirected(
          proxy,
          s3 -> {
            PartUpload upload =
                get(s3.backend.startMultipart(s3.uri("k"), 5 << 20, PutOptions.DEFAULT));
            get(upload.putPart(1, payload(bytes)));
            get(upload.complete(1, bytes.length, Optional.empty()));
          });
      assertThat(proxy.asked())
          .allMatch(
              host -> host.matches("bucket\\.s3\\.eu-(west-3|central-1)\\.amazonaws\\.com:443"));
    }
  }

  private interface Work {
    void with(Fixture s3) throws ObjectStoreException;
  }

  /** In a store that does not know yet where the bucket is; then once more. */
  private static void redirected(WireProxy proxy, Work work) throws ObjectStoreException {
    try (Fixture s3 = aws(proxy, "eu-west-3")) {
      work.with(s3);
      s3.events.clear();
      get(s3.backend.head(s3.uri("again")));
      assertThat(s3.events)
          .singleElement()
          .satisfies(e -> assertThat(e.endpoint()).contains("eu-central-1"));
    }
  }

  /** The last request that has put anything. */
  private static Request last(WireServer server) {
    List<Request> puts = server.requests().stream().filter(r -> r.method().equals("PUT")).toList();
    return puts.get(puts.size() - 1);
  }

  private static Reply inFrankfurt(Request request, byte[] bytes) {
    Map<String, String> region = Map.of("x-amz-bucket-region", "eu-central-1");
    if (!request.header("host").contains("eu-central-1")) {
      return request.method().equals("HEAD")
          ? Reply.of(301, region, new byte[0])
          : Reply.xml(
              301,
              "<Error><Code>PermanentRedirect</Code><Endpoint>evil.example</Endpoint></Error>",
              region);
    }
    assertThat(request.header("authorization")).contains("/eu-central-1/s3/");
    if (request.method().equals("HEAD")) {
      return Reply.of(
          200,
          Map.of("ETag", "\"e\"", "Content-Length", String.valueOf(bytes.length)),
          new byte[0]);
    }
    if (request.target().contains("list-type")) {
      return Reply.xml(200, "<ListBucketResult/>", Map.of());
    }
    if (request.method().equals("POST")) {
      return Reply.xml(
          200,
          request.target().contains("uploadId")
              ? "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>"
              : "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                  + "</InitiateMultipartUploadResult>",
          Map.of());
    }
    return Reply.of(200, ETAG, request.method().equals("GET") ? bytes : new byte[0]);
  }

  /**
   * In the region of the settings as in another one: nothing goes on when a request is given up.
   */
  @ParameterizedTest
  @ValueSource(strings = {"eu-central-1", "eu-west-3"})
  void breaksOffWhatIsGivenUp(String region) throws Exception {
    CountDownLatch asked = new CountDownLatch(region.equals("eu-central-1") ? 1 : 2);
    try (WireServer server =
            server(
                (request, n) -> {
                  asked.countDown();
                  return request.header("host").contains("eu-central-1")
                      ? Reply.silence()
                      : Reply.of(301, Map.of("x-amz-bucket-region", "eu-central-1"), new byte[0]);
                });
        WireProxy proxy = WireProxy.tunnel(server.endpoint());
        Fixture s3 = aws(proxy, region)) {
      CompletableFuture<?> head = s3.backend.head(s3.uri("k"));
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(head.cancel(true)).isTrue();
      int idle = region.equals("eu-central-1") ? 0 : 1; // the one that brought the redirect
      assertThat(proxy.awaitOpen(idle, Duration.ofSeconds(10))).isLessThanOrEqualTo(idle);
    }
  }

  /** A name of a region that would be part of another host name is none. */
  @ParameterizedTest
  @ValueSource(strings = {"evil.example/", "evil.example#", "x@evil.example:443/", "a b"})
  void isNotLedAwayByAnAnswer(String region) throws ObjectStoreException {
    try (WireServer server =
            server(
                (request, n) -> Reply.of(301, Map.of("x-amz-bucket-region", region), new byte[0]));
        WireProxy proxy = WireProxy.tunnel(server.endpoint());
        Fixture s3 = aws(proxy, "eu-west-3")) {
      failure(s3.backend.head(s3.uri("k")));
      assertThat(proxy.asked()).containsOnly("bucket.s3.eu-west-3.amazonaws.com:443");
    }
  }

  /**
   * A directory bucket has a host of its own, and a session in place of a signature per request.
   */
  @Test
  void opensASessionForADirectoryBucket() throws ObjectStoreException {
    byte[] bytes = random(1000, 2);
    String session =
        "<CreateSessionResult><Credentials><AccessKeyId>sessionkey</AccessKeyId>"
            + "<SecretAccessKey>hush</SecretAccessKey><SessionToken>session-token</SessionToken>"
            + "<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>";
    try (WireServer server =
            server(
                (request, n) ->
                    request.target().contains("session")
                        ? Reply.xml(200, session, Map.of())
                        : Reply.of(
                            200, ETAG, request.method().equals("GET") ? bytes : new byte[0]));
        WireProxy proxy = WireProxy.tunnel(server.endpoint());
        Fixture s3 = aws(proxy, "us-west-2")) {
      ObjectUri uri = ObjectUri.parse("s3://" + EXPRESS + "/k");
      get(s3.backend.put(uri, payload(bytes), PutOptions.DEFAULT));
      assertThat(s3.read(uri, ByteRange.WHOLE).bytes()).isEqualTo(bytes);
      assertThat(proxy.asked())
          .containsOnly(EXPRESS + ".s3express-usw2-az1.us-west-2.amazonaws.com:443");
      assertThat(server.requests()).hasSize(3);
      assertThat(server.requests().get(0).header("authorization")).contains("=key/");
      for (Request request : server.requests().subList(1, 3)) {
        assertThat(request.header("authorization")).contains("=sessionkey/");
        assertThat(request.header("authorization")).contains("/us-west-2/s3express/");
        assertThat(request.header("x-amz-s3session-token")).isEqualTo("session-token");
      }
      assertThat(server.requests().get(1).body()).isEqualTo(bytes);
      assertThat(server.requests().get(1).header("x-amz-checksum-crc32c")).isNotNull();
    }
  }

  /** MinIO as the proxy: nothing else resolves the names below its domain. */
  @Test
  void speaksToMinioByTheNameOfTheBucket() throws ObjectStoreException {
    S3Server minio = TestServers.minio();
    StoreConfig config =
        Fixture.config(minio, java.net.URI.create("http://" + MinioServer.DOMAIN))
            .with(S3Keys.TRANSPORT, "netty") // the SDK's client tunnels http, too
            .with(S3Keys.PATH_STYLE, "false");
    byte[] bytes = random(100_000, 3);
    try (Fixture s3 = Fixture.in(Map.of("http_proxy", minio.endpoint().toString()), config)) {
      ObjectUri bucket = ObjectUri.parse("s3://t-" + UUID.randomUUID() + "/");
      get(s3.backend.createBucket(bucket));
      ObjectUri uri = bucket.withKey("a b/c");
      get(s3.backend.put(uri, payload(bytes), PutOptions.DEFAULT));
      assertThat(s3.read(uri, ByteRange.WHOLE).bytes()).isEqualTo(bytes);
      get(s3.backend.copy(uri, bucket.withKey("copy")));
      assertThat(get(s3.backend.list(bucket, ListOptions.ALL).next())).hasSize(2);
      assertThat(get(s3.backend.deleteAll(List.of(uri, bucket.withKey("copy"))))).isEmpty();
      get(s3.backend.deleteBucket(bucket));
      assertThat(failure(s3.backend.head(uri)).kind()).isEqualTo(Kind.NOT_FOUND);
      assertThat(s3.events)
          .allSatisfy(
              e ->
                  assertThat(e.endpoint())
                      .isEqualTo("http://" + bucket.bucket() + "." + MinioServer.DOMAIN));
    }
  }
}
