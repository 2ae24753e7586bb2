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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

  @TempDir static Path directory;

  private static Path bundle;
  private static SSLContext tls;

  private static Path otherBundle;
  private static SSLContext otherTls;

  @BeforeAll
  static void makeCertificates() throws Exception {
    bundle = directory.resolve("ca.pem");
    tls = certificate("ip:127.0.0.1", bundle);
    otherBundle = directory.resolve("other.pem");
    otherTls = certificate("dns:elsewhere.example", otherBundle);
  }

  static SSLContext certificate(String name, Path bundle) throws Exception {
    Path store = bundle.resolveSibling(bundle.getFileName() + ".p12");
    keytool(
        "-genkeypair -alias server -keyalg EC -groupname secp256r1 -dname CN=test -validity 2"
            + " -ext san="
            + name
            + " -storetype PKCS12 -storepass changeit -keystore "
            + store);
    keytool(
        "-exportcert -rfc -alias server -storepass changeit -keystore "
            + store
            + " -file "
            + bundle);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static void keytool(String arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }

  /** Else the tests below would prove nothing of what they are run for. */
  @Test
  void isSpokenByWhatTheClassPathHas() {
    assertThat(Tls.client(null).getClass().getSimpleName())
        .isEqualTo(System.getProperty("s3dlio.test.tls", "JdkSslClientContext"));
  }

  private static WireServer server() {
    return server(tls);
  }

  private static WireServer server(SSLContext context) {
    return WireServer.start(
        context.getServerSocketFactory(),
        "https",
        (request, n) -> Reply.of(200, Map.of("ETag", "\"e\""), new byte[0]));
  }

  @Test
  void trustsTheBundle() throws ObjectStoreException {
    try (WireServer server = server();
        Fixture s3 = Fixture.on(server, "s3.ca-bundle", bundle.toString())) {
      assertThat(get(s3.backend.head(s3.uri("k"))).etag()).contains("e");
    }
  }

  @Test
  void checksTheNameInTheCertificate() throws ObjectStoreException {
    try (WireServer server = server(otherTls);
        Fixture s3 = Fixture.on(server, "s3.ca-bundle", otherBundle.toString())) {
      ObjectStoreException e = failure(s3.backend.head(s3.uri("k")));
      assertThat(e.kind()).isEqualTo(Kind.INVALID);
      assertThat(e)
          .hasMessageContaining(server.endpoint().toString())
          .hasMessageContaining("another host");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void trustsAnybodyWhereThatIsAskedFor() throws ObjectStoreException {
    try (WireServer server = server(otherTls);
        Fixture s3 = Fixture.on(server, "s3.insecure", "true")) {
      assertThat(get(s3.backend.head(s3.uri("k"))).etag()).contains("e");
    }
  }

  @Test
  void carriesBodiesBothWays() throws ObjectStoreException {
    byte[] bytes = random(3_000_000, 9);
    try (WireServer server =
            WireServer.start(
                tls.getServerSocketFactory(),
                "https",
                (request, n) ->
                    request.method().equals("PUT")
                        ? Reply.of(200, Map.of("ETag", "\"e\""), new byte[0])
                        : Reply.of(200, Map.of("ETag", "\"e\""), bytes));
        Fixture s3 = Fixture.on(server, "s3.ca-bundle", bundle.toString())) {
      get(s3.backend.put(s3.uri("k"), payload(bytes), PutOptions.DEFAULT));
      assertThat(server.requests().get(0).body()).isEqualTo(bytes);
      assertThat(s3.read(s3.uri("k"), ByteRange.WHOLE).bytes()).isEqualTo(bytes);
    }
  }

  /** The proxy sees where to, and nothing else. */
  @Test
  void goesThroughTheTunnelOfAProxy() throws ObjectStoreException {
    try (WireServer server = server();
        WireProxy proxy = WireProxy.tunnel(server.endpoint());
        Fixture s3 =
            Fixture.in(
                Map.of("https_proxy", proxy.endpoint().toString()),
                Fixture.config(server)
                    .with(S3Keys.TRANSPORT, "netty") // the SDK's client reads its own environment
                    .with(S3Keys.CA_BUNDLE, bundle.toString()))) {
      assertThat(get(s3.backend.head(s3.uri("k"))).etag()).contains("e");
      assertThat(proxy.accepted()).isEqualTo(1);
    }
  }

  @Test
  void trustsNobodyElse() throws ObjectStoreException {
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
    TrustManager[] managers = Trust.with(bundle, "test");
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
