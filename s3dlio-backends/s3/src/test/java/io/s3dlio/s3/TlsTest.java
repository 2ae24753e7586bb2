package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
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

  @BeforeAll
  static void makeACertificate() throws Exception {
    Path store = directory.resolve("server.p12");
    bundle = directory.resolve("ca.pem");
    keytool(
        "-genkeypair -alias server -keyalg EC -groupname secp256r1 -dname CN=test -validity 2"
            + " -ext san=ip:127.0.0.1 -storetype PKCS12 -storepass changeit -keystore "
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
    tls = SSLContext.getInstance("TLS");
    tls.init(factory.getKeyManagers(), null, null);
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

  private static WireServer server() {
    return WireServer.start(
        tls.getServerSocketFactory(),
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
    TrustManager[] managers = Trust.with(bundle);
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
                plain, "s3.endpoint", plain.endpoint().toString().replace("http:", "https:"))) {
      ObjectStoreException e = failure(s3.backend.head(s3.uri("k")));
      assertThat(e).hasMessageContaining("does not speak TLS");
      // The SDK tells of the failed handshake, or, when it loses a race, of the closing alone.
      assertThat(e.kind()).isIn(Kind.INVALID, Kind.UNAVAILABLE);
    }
  }
}
