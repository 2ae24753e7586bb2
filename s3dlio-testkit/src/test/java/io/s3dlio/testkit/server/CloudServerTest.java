package io.s3dlio.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The emulators of Azure and of Google Cloud Storage: they answer, end and meet nobody else's. */
class CloudServerTest {

  enum Kind {
    AZURITE,
    FAKE_GCS;

    TestServer shared() {
      return this == AZURITE ? TestServers.azurite() : TestServers.fakeGcs();
    }

    TestServer another() throws ServerUnavailableException {
      shared(); // where it cannot be had this aborts the test
      return this == AZURITE ? AzuriteServer.start() : FakeGcsServer.start();
    }
  }

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();

  @ParameterizedTest
  @EnumSource
  void listensOnTheLoopbackInterfaceAlone(Kind kind) {
    assertThat(kind.shared().endpoint().getHost()).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @EnumSource
  void isTheSameForAllTests(Kind kind) {
    assertThat(kind.shared()).isSameAs(kind.shared());
    assertThat(kind.shared().toString()).isEqualTo(kind.shared().name());
  }

  @ParameterizedTest
  @EnumSource
  void stopsListeningWhenClosed(Kind kind) throws IOException {
    TestServer server = kind.another();
    assertThat(server.endpoint()).isNotEqualTo(kind.shared().endpoint());
    InetSocketAddress address =
        new InetSocketAddress(server.endpoint().getHost(), server.endpoint().getPort());
    connect(address);
    server.close();
    assertThatThrownBy(() -> connect(address)).isInstanceOf(ConnectException.class);
    server.close();
  }

  @Test
  void azuriteKnowsItsAccountAndNoOtherKey() throws Exception {
    AzuriteServer server = TestServers.azurite();
    assertThat(containers(server, server.key()))
        .returns(200, HttpResponse::statusCode)
        .extracting(HttpResponse::body)
        .asString()
        .contains("<EnumerationResults");
    String other = Base64.getEncoder().encodeToString(new byte[64]);
    assertThat(containers(server, other)).returns(403, HttpResponse::statusCode);
    assertThat(List.of(server.toString(), server.name())).noneMatch(s -> s.contains(server.key()));
    assertThat(server.connectionString())
        .contains("AccountName=" + server.account() + ";")
        .contains("AccountKey=" + server.key() + ";")
        .contains("BlobEndpoint=" + server.accountEndpoint() + ";");
  }

  /** A listing of containers, signed with a key: Azure's Shared Key, by hand. */
  private HttpResponse<String> containers(AzuriteServer server, String key) throws Exception {
    String date =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .format(ZonedDateTime.now(ZoneOffset.UTC));
    String account = server.account();
    String text =
        "GET"
            + "\n".repeat(12)
            + ("x-ms-date:" + date + "\nx-ms-version:2021-12-02\n")
            + ("/" + account + "/" + account + "/\ncomp:list");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
    String signature =
        Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    return http.send(
        HttpRequest.newBuilder(URI.create(server.accountEndpoint() + "/?comp=list"))
            .timeout(LIMIT)
            .header("x-ms-date", date)
            .header("x-ms-version", "2021-12-02")
            .header("Authorization", "SharedKey " + account + ":" + signature)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void fakeGcsKeepsObjectsAndObeysGenerations() throws Exception {
    URI endpoint = TestServers.fakeGcs().endpoint();
    String bucket = "s3dlio-" + Long.toHexString(System.nanoTime());
    assertThat(post(endpoint + "/storage/v1/b", "{\"name\":\"" + bucket + "\"}")).isEqualTo(200);
    String upload = endpoint + "/upload/storage/v1/b/" + bucket + "/o?uploadType=media&name=key";
    assertThat(post(upload + "&ifGenerationMatch=0", "content")).isEqualTo(200);
    assertThat(post(upload + "&ifGenerationMatch=0", "other")).isEqualTo(412);
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(endpoint + "/storage/v1/b/" + bucket + "/o/key?alt=media"))
                .timeout(LIMIT)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).isEqualTo("content");
  }

  private int post(String uri, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri))
            .timeout(LIMIT)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private static void connect(InetSocketAddress address) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(address, 5000);
    }
  }
}
