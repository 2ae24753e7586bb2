package io.s3dlio.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.s3dlio.testkit.fault.Fault.Moment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Between the JDK's own client and the JDK's own server. */
@Timeout(60)
class FaultProxyTest {

  private static final byte[] BODY = new byte[200_000];

  static {
    new Random(1).nextBytes(BODY);
  }

  private final List<byte[]> received = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private FaultProxy proxy;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext("/", this::echo);
    server.start();
    proxy = FaultProxy.to(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.stop(0);
  }

  private void echo(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    received.add(body);
    boolean chunked = exchange.getRequestURI().getPath().equals("/chunked");
    exchange.sendResponseHeaders(200, chunked ? 0 : body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private HttpResponse<byte[]> post(String path, byte[] body, boolean expects)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(proxy.endpoint().resolve(path))
            .POST(body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .expectContinue(expects)
            .timeout(Duration.ofSeconds(30))
            .build();
    return client.send(request, BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> post() throws IOException, InterruptedException {
    return post("/", BODY, false);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handsOnWhatIsSaid(boolean expects) throws Exception {
    for (String path : List.of("/", "/chunked", "/?x=y&z")) {
      for (byte[] body : List.of(BODY, new byte[0])) {
        HttpResponse<byte[]> answer = post(path, body, expects && body.length > 0);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(body);
      }
    }
    assertThat(received).hasSize(6);
    assertThat(proxy.accepted()).isEqualTo(1); // it was kept open
    assertThat(proxy.exchanges())
        .extracting(Exchange::target, Exchange::status, Exchange::connection)
        .startsWith(org.assertj.core.groups.Tuple.tuple("/", 200, 1));
    assertThat(proxy.exchanges().get(0).requestBody()).isEqualTo(BODY.length);
    assertThat(proxy.exchanges().get(2).answerBody()).isEqualTo(BODY.length);
    assertThat(proxy.fired()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void cutsWhenItIsTold(Moment at) throws Exception {
    proxy.inject(new Fault.Cut(at, false), Schedule.once());
    // A raw client, since the JDK's would repeat by itself what it takes for a stale connection.
    byte[] answer = raw(BODY, 20_000);
    assertThat(answer.length).isLessThan(BODY.length);
    assertThat(answer.length > 0).isEqualTo(at == Moment.ANSWER_BODY);
    assertThat(proxy.fired()).hasSize(1);
    assertThat(proxy.fired().get(0).status()).isEqualTo(at.ofAnswer() ? 200 : 0);
    assertThat(proxy.awaitOpen(0, Duration.ofSeconds(20))).isZero();
    assertThat(post().body()).isEqualTo(BODY);
  }

  private byte[] raw(byte[] body, int silenceMillis) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", proxy.endpoint().getPort())) {
      socket.setSoTimeout(silenceMillis);
      OutputStream out = socket.getOutputStream();
      String head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n";
      try {
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
      } catch (SocketException e) {
        return new byte[0]; // ended while it was sent
      }
      return readAll(socket.getInputStream());
    }
  }

  private static byte[] readAll(InputStream in) throws IOException {
    try {
      return in.readAllBytes();
    } catch (SocketException e) {
      return new byte[0]; // what was not read yet makes a reset of the end
    }
  }

  @Test
  void resetsAConnection() throws Exception {
    proxy.inject(new Fault.Cut(Moment.ANSWER, true), Schedule.once());
    try (Socket socket = new Socket("127.0.0.1", proxy.endpoint().getPort())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThatThrownBy(() -> socket.getInputStream().read()).hasMessageContaining("reset");
    }
  }

  @ParameterizedTest
  @EnumSource
  void stallsUntilTheClientGoesAway(Moment at) throws Exception {
    proxy.inject(new Fault.Stall(at), Schedule.once());
    assertThatThrownBy(() -> raw(BODY, 500)).isInstanceOf(SocketTimeoutException.class);
    assertThat(proxy.fired()).hasSize(1);
    assertThat(proxy.awaitOpen(0, Duration.ofSeconds(20))).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"REQUEST_BODY", "ANSWER_BODY"})
  void turnsOneBit(Moment at) throws Exception {
    proxy.inject(new Fault.Flip(at), Schedule.<Exchange>once().seeded(7).within(1000));
    byte[] answer = post().body();
    int place = Arrays.mismatch(answer, BODY);
    assertThat(place).isBetween(0, 999);
    assertThat(Integer.bitCount((answer[place] ^ BODY[place]) & 0xff)).isEqualTo(1);
    answer[place] = BODY[place];
    assertThat(answer).isEqualTo(BODY);
    assertThat(received.get(0)).isNotSameAs(BODY);
    assertThat(Arrays.equals(received.get(0), BODY)).isEqualTo(at == Moment.ANSWER_BODY);
    assertThat(post().body()).isEqualTo(BODY);
    assertThat(proxy.accepted()).isEqualTo(1);
  }

  @Test
  void shortensAnAnswerAndSaysSo() throws Exception {
    proxy.inject(new Fault.Shorten(), Schedule.once());
    byte[] answer = post().body();
    assertThat(answer.length).isLessThan(BODY.length);
    assertThat(answer).isEqualTo(Arrays.copyOf(BODY, answer.length));
    assertThat(post().body()).isEqualTo(BODY);
    assertThat(proxy.accepted()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"REQUEST", "ANSWER"})
  void answersInTheServersPlace(Moment at) throws Exception {
    proxy.inject(
        new Fault.Reply(at, 503, Optional.of(Duration.ofSeconds(7))),
        Schedule.<Exchange>always().from(2).times(2));
    assertThat(post().statusCode()).isEqualTo(200);
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> answer = post("/", BODY, false);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("7");
    }
    assertThat(post().statusCode()).isEqualTo(200);
    assertThat(received).hasSize(at == Moment.REQUEST ? 2 : 4);
    assertThat(proxy.accepted()).isEqualTo(1);
  }

  @Test
  void isSlow() throws Exception {
    proxy.inject(new Fault.Throttle(Moment.ANSWER_BODY, 1_000_000), Schedule.once());
    proxy.inject(new Fault.Delay(Moment.REQUEST, Duration.ofMillis(100)), Schedule.once());
    long start = System.nanoTime();
    assertThat(post().body()).isEqualTo(BODY);
    // 100 ms, and nine of the ten pauses of 20 ms: the last comes when all is sent.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(280));
  }

  @Test
  void countsOnlyWhatFitsAndMatches() throws Exception {
    proxy.inject(
        new Fault.Flip(Moment.REQUEST_BODY),
        Schedule.<Exchange>once().matching(e -> e.target().equals("/b")).from(2));
    byte[] none = new byte[0];
    post("/b", none, false);
    post("/a", BODY, false);
    post("/b", BODY, false);
    assertThat(proxy.fired()).isEmpty();
    assertThat(post("/b", BODY, false).body()).isNotEqualTo(BODY);
    assertThat(proxy.fired()).extracting(Exchange::target).containsExactly("/b");
    proxy.reset();
    assertThat(proxy.exchanges()).isEmpty();
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.CsvSource({
    "GET, /b/k, GET_OBJECT",
    "GET, /b/k?partNumber=1, GET_OBJECT",
    "GET, /b?list-type=2&prefix=x, LIST_OBJECTS",
    "GET, /b/?list-type=2, LIST_OBJECTS",
    "HEAD, /b/k, HEAD_OBJECT",
    "HEAD, /b, OTHER",
    "PUT, /b/k, PUT_OBJECT",
    "PUT, /b/k?uploadId=u&partNumber=1, UPLOAD_PART",
    "PUT, /b, OTHER",
    "POST, /b/k?uploads, CREATE_MULTIPART_UPLOAD",
    "POST, /b/k?uploads=, CREATE_MULTIPART_UPLOAD",
    "POST, /b/k?uploadId=u, COMPLETE_MULTIPART_UPLOAD",
    "POST, /b?delete, DELETE_OBJECTS",
    "DELETE, /b/k, DELETE_OBJECT",
    "DELETE, /b/k?uploadId=u, ABORT_MULTIPART_UPLOAD",
    "DELETE, /b, OTHER",
  })
  void knowsTheActionsOfS3(String method, String target, S3Action action) {
    assertThat(S3Action.of(method, target, false)).isEqualTo(action);
  }
}
