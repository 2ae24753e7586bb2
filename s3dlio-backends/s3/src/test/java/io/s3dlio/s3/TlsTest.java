package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.payload;
import static io.s3dlio.s3.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutOptions;
import io.s3dlio.http.Tls;
import io.s3dlio.http.Trust;
import io.s3dlio.s3.WireServer.Reply;
import io.s3dlio.testkit.server.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

  @TempDir static Path directory;

  private static TestCertificate known;
  private static TestCertificate ofAnotherHost;

  @BeforeAll
  static void makeCertificates() throws IOException {
    known = TestCertificate.of(directory, "known", TestCertificate.LOCAL);
    ofAnotherHost = TestCertificate.of(directory, "other", "dns:elsewhere.example");
  }

  /** Else the tests below would prove nothing of what they are run for. */
  @Test
  void isSpokenByWhatTheClassPathHas() {
    assertThat(Tls.client(null).getClass().getSimpleName())
        .isEqualTo(System.getProperty("s3dlio.test.tls", "JdkSslClientContext"));
  }

  private static WireServer server() throws IOException {
    return server(known);
  }

  private static WireServer server(TestCertificate certificate) throws IOException {
    return WireServer.start(
        certificate.server().getServerSocketFactory(),
        "https",
        (request, n) -> Reply.of(200, Map.of("ETag", "\"e\""), new byte[0]));
  }

  @Test
  void trustsTheBundle() throws IOException {
    try (WireServer server = server();
        Fixture s3 = Fixture.on(server, "s3.ca-bundle", known.pem().toString())) {
      assertThat(get(s3.backend.head(s3.uri("k"))).etag()).contains("e");
    }
  }

  @Test
  void checksTheNameInTheCertificate() throws IOException {
    try (WireServer server = server(ofAnotherHost);
        Fixture s3 = Fixture.on(server, "s3.ca-bundle", ofAnotherHost.pem().toString())) {
      ObjectStoreException e = failure(s3.backend.head(s3.uri("k")));
      assertThat(e.kind()).isEqualTo(Kind.INVALID);
      assertThat(e)
          .hasMessageContaining(server.endpoint().toString())
          .hasMessageContaining("another host");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void trustsAnybodyWhereThatIsAskedFor() throws IOException {
    try (WireServer server = server(ofAnotherHost);
        Fixture s3 = Fixture.on(server, "s3.insecure", "true")) {
      assertThat(get(s3.backend.head(s3.uri("k"))).etag()).contains("e");
    }
  }

  @Test
  void carriesBodiesBothWays() throws IOException {
    byte[] bytes = random(3_000_000, 9);
    try (WireServer server =
            WireServer.start(
                known.server().getServerSocketFactory(),
                "https",
                (request, n) ->
                    request.method().equals("PUT")
                        ? Reply.of(200, Map.of("ETag", "\"e\""), new byte[0])
                        : Reply.of(200, Map.of("ETag", "\"e\""), bytes));
        Fixture s3 = Fixture.on(server, "s3.ca-bundle", known.pem().toString())) {
      get(s3.backend.put(s3.uri("k"), payload(bytes), PutOptions.DEFAULT));
      assertThat(server.requests().get(0).body()).isEqualTo(bytes);
      assertThat(s3.read(s3.uri("k"), ByteRange.WHOLE).bytes()).isEqualTo(bytes);
    }
  }

  /** The proxy sees where to, and nothing else. */
  @Test
  void goesThroughTheTunnelOfAProxy() throws IOException {
    try (WireServer server = server();
        WireProxy proxy = WireProxy.tunnel(server.endpoint());
        Fixture s3 =
            Fixture.in(
                Map.of("https_proxy", proxy.endpoint().toString()),
                Fixture.config(server)
                    .with(S3Keys.TRANSPORT, "netty") // the SDK's client reads its own environment
                    .with(S3Keys.CA_BUNDLE, known.pem().toString()))) {
      assertThat(get(s3.backend.head(s3.uri("k"))).etag()).contains("e");
      assertThat(proxy.accepted()).isEqualTo(1);
    }
  }

  @Test
  void trustsNobodyElse() throws IOException {
    try (WireServer server = server();
        Fixture s3 = Fixture.on(server)) {
      ObjectStoreException e = failure(s3.backend.head(s3.uri("k")));
      assertThat(e.kind()).isEqualTo(Kind.INVALID);
      assertThat(e)
          .hasMessageContaining(server.endpoint().toString())
          .hasMessageContaining("s3.ca-bundle");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void goesOnTrustingWhomJavaTrusts() {
    TrustManager[] managers = Trust.with(known.pem(), "test");
    assertThat(managers).hasSize(1);
    assertThat(((X509TrustManager) managers[0]).getAcceptedIssuers()).hasSizeGreaterThan(20);
  }

  @Test
  void refusesABundleThatIsNone() throws Exception {
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    Path noise = Files.writeString(directory.resolve("noise.pem"), "no certificate");
    for (Path wrong : List.of(empty, noise, directory.resolve("missing.pem"))) {
      try (WireServer server = server();
          Fixture s3 = Fixture.on(server, "s3.ca-bundle", wrong.toString())) {
        assertThat(failure(s3.backend.head(s3.uri("k"))))
            .hasMessageContaining(wrong.toString())
            .extracting(ObjectStoreException::kind)
            .isEqualTo(Kind.INVALID);
      }
    }
  }

  @Test
  void saysThatTheOtherSideDoesNotSpeakTls() throws ObjectStoreException {
    try (WireServer plain = WireServer.start((request, n) -> Reply.of(200));
        Fixture s3 =
            Fixture.on(
                plain,
                "s3.endpoint",
                plain.endpoint().toString().replace("http:", "https:"),
                "s3.connect-timeout",
                "2m")) {
      ObjectStoreException e = failure(s3.backend.head(s3.uri("k")));
      assertThat(e).hasMessageContaining("does not speak TLS");
      // The SDK tells of the failed handshake, or, when it loses a race, of the closing alone.
      assertThat(e.kind()).isIn(Kind.INVALID, Kind.UNAVAILABLE);
    }
  }
}
