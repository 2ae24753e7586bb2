package io.s3dlio.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestEvent;
import io.s3dlio.StoreConfig;
import io.s3dlio.http.Contents;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.http.Limits;
import io.s3dlio.http.NettyHttpClient;
import io.s3dlio.http.Proxies;
import io.s3dlio.http.RawServer;
import io.s3dlio.spi.Receiver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is repeated, how often and when, counted at the server. */
class RestClientTest {

  private static final ObjectUri URI = ObjectUri.parse("az://account/container/key");
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String BUSY = "HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n";

  /** A store that says no with a status alone. */
  private static final Dialect PLAIN =
      new Dialect() {
        @Override
        public AnswerException read(Answer answer) {
          return new AnswerException(answer.head(), "", answer.text());
        }

        @Override
        public ObjectStoreException meaning(Call call, AnswerException answer) {
          return ObjectStoreException.of(
              Failures.kindOf(answer.status()),
              call.operation(),
              call.uri(),
              answer.getMessage(),
              answer);
        }
      };

  private static final class Client implements AutoCloseable {
    final List<RequestEvent> events = new CopyOnWriteArrayList<>();
    private final RestClient rest;
    private final int port;

    Client(RawServer server, StoreConfig config, Authorizer authorizer) {
      Limits limits =
          new Limits(
              "test", 4, Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));
      NettyHttpClient http = new NettyHttpClient(limits, 2, Proxies.of(Map.of()), null);
      this.rest = new RestClient("test", config, http, authorizer, PLAIN);
      this.port = server.port();
    }

    Client(RawServer server, StoreConfig config) {
      this(server, config, Authorizer.ANONYMOUS);
    }

    Client(RawServer server) {
      this(server, quick());
    }

    Call call() {
      return new Call(
          Call.What.reading(URI, ByteRange.WHOLE), "test", "http://127.0.0.1", events::add);
    }

    HttpRequest.Builder request() {
      return HttpRequest.builder("GET").server("http", "127.0.0.1", port).target("/key");
    }

    CompletableFuture<String> text() {
      return rest.send(call(), request().build(), Reply.of(Answer::text));
    }

    @Override
    public void close() {
      rest.close();
    }
  }

  private static StoreConfig quick() {
    return StoreConfig.defaults()
        .with(StoreConfig.RETRY_BASE_DELAY, "1ms")
        .with(StoreConfig.RETRY_MAX_DELAY, "2ms");
  }

  private static String get(CompletableFuture<String> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  private static ObjectStoreException failure(CompletableFuture<?> future) throws Exception {
    try {
      future.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return (ObjectStoreException) e.getCause();
    }
    throw new AssertionError("no failure");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504, 408})
  void repeatsWhatMayPass(int status) throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  while (peer.head() != null) {
                    peer.send(
                        asked.incrementAndGet() < 3
                            ? "HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n"
                            : OK);
                  }
                });
        Client client = new Client(server)) {
      assertThat(get(client.text())).isEqualTo("hello");
      assertThat(client.events).extracting(RequestEvent::attempt).containsExactly(1, 2, 3);
      assertThat(client.events)
          .extracting(RequestEvent::status)
          .containsExactly(status, status, 200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID", "401, UNAUTHENTICATED", "403, PERMISSION_DENIED", "404, NOT_FOUND",
    "409, UNKNOWN", "412, PRECONDITION_FAILED", "416, RANGE_NOT_SATISFIABLE", "301, INVALID",
    "307, INVALID", "501, UNSUPPORTED", "507, OUT_OF_RESOURCES"
  })
  void repeatsNothingElse(int status, Kind kind) throws Exception {
    try (RawServer server =
            RawServer.answering(
                "HTTP/1.1 "
                    + status
                    + " X\r\nLocation: http://127.0.0.1:1/elsewhere\r\nContent-Length: 2\r\n\r\nno");
        Client client = new Client(server)) {
      ObjectStoreException e = failure(client.text());
      assertThat(e.kind()).isEqualTo(kind);
      assertThat(server.heads).hasSize(1);
      assertThat(client.events).extracting(RequestEvent::error).containsExactly(Optional.of(kind));
    }
  }

  @Test
  void stopsAfterSoManyAttempts() throws Exception {
    try (RawServer server = RawServer.answering(BUSY);
        Client client = new Client(server, quick().with(StoreConfig.RETRY_MAX_ATTEMPTS, "3"))) {
      assertThat(failure(client.text()).kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(server.heads).hasSize(3);
    }
  }

  /** 500 tokens, 5 a retry: 100 retries for all requests together. */
  @Test
  void asksAStoreThatFailsLessAndLess() throws Exception {
    try (RawServer server = RawServer.answering(BUSY);
        Client client = new Client(server, quick().with(StoreConfig.RETRY_MAX_ATTEMPTS, "10"))) {
      List<CompletableFuture<String>> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        all.add(client.text());
      }
      for (CompletableFuture<String> one : all) {
        assertThat(failure(one).kind()).isEqualTo(Kind.UNAVAILABLE);
      }
      assertThat(server.heads).hasSize(50 + 100);
    }
  }

  @Test
  void waitsAsLongAsItIsAskedTo() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  while (peer.head() != null) {
                    peer.send(
                        asked.incrementAndGet() == 1
                            ? "HTTP/1.1 429 X\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
                            : OK);
                  }
                });
        Client client = new Client(server, quick().with(StoreConfig.RETRY_MAX_DELAY, "5s"))) {
      long start = System.nanoTime();
      assertThat(get(client.text())).isEqualTo("hello");
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000L);
    }
  }

  @Test
  void waitsNoLongerThanItMay() throws Exception {
    try (RawServer server =
            RawServer.answering(
                "HTTP/1.1 503 X\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n");
        Client client = new Client(server, quick().with(StoreConfig.RETRY_MAX_ATTEMPTS, "2"))) {
      assertThat(failure(client.text()).kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(server.heads).hasSize(2);
    }
  }

  @Test
  void endsWithTheTimeForAllAttempts() throws Exception {
    try (RawServer server = RawServer.start((peer, n) -> peer.in.readAllBytes());
        Client client = new Client(server, quick().with(StoreConfig.REQUEST_TIMEOUT, "300ms"))) {
      ObjectStoreException e = failure(client.text());
      assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(e).hasMessageContaining("request-timeout");
      assertThat(client.events).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // hangs up
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", // breaks off
        "nonsense\r\n\r\n"
      })
  void repeatsAfterABrokenAnswer(String broken) throws Exception {
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  while (peer.head() != null) {
                    if (n == 1) {
                      peer.send(broken);
                      return;
                    }
                    peer.send(OK);
                  }
                });
        Client client = new Client(server)) {
      assertThat(get(client.text())).isEqualTo("hello");
      assertThat(client.events).hasSize(2);
      assertThat(client.events.get(0).error()).contains(Kind.UNAVAILABLE);
    }
  }

  @Test
  void repeatsWhatMakesNoSense() throws Exception {
    try (RawServer server = RawServer.answering(OK);
        Client client = new Client(server)) {
      CompletableFuture<Long> number =
          client.rest.send(
              client.call(),
              client.request().build(),
              Reply.of(answer -> Long.parseLong(answer.text())));
      ObjectStoreException e = failure(number);
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(e).hasMessageContaining("cannot be read");
      assertThat(server.heads).hasSize(4);
    }
  }

  @Test
  void sendsTheSameBodyAgain() throws Exception {
    List<String> bodies = new CopyOnWriteArrayList<>();
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  while (peer.head() != null) {
                    bodies.add(new String(peer.in.readNBytes(6), StandardCharsets.UTF_8));
                    peer.send(bodies.size() == 1 ? BUSY : OK);
                  }
                });
        Client client = new Client(server)) {
      ByteBuffer memory =
          ByteBuffer.allocateDirect(6).put("sesame".getBytes(StandardCharsets.UTF_8)).flip();
      HttpRequest put =
          HttpRequest.builder("PUT")
              .server("http", "127.0.0.1", server.port())
              .content(Contents.of(List.of(memory.slice(0, 3), memory.slice(3, 3))))
              .build();
      assertThat(get(client.rest.send(client.call(), put, Reply.of(Answer::text))))
          .isEqualTo("hello");
      assertThat(bodies).containsExactly("sesame", "sesame");
      assertThat(memory.remaining()).isEqualTo(6);
    }
  }

  @Test
  void isGivenUpWhileItIsServed() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  asked.countDown();
                  peer.in.readAllBytes();
                  gone.countDown();
                });
        Client client = new Client(server)) {
      CompletableFuture<String> text = client.text();
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      text.cancel(true);
      assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(client.events)
          .extracting(RequestEvent::error)
          .containsExactly(Optional.of(Kind.CANCELLED));
    }
  }

  @Test
  void endsWithItsStore() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (RawServer server =
        RawServer.start(
            (peer, n) -> {
              peer.head();
              asked.countDown();
              peer.in.readAllBytes();
            })) {
      Client client = new Client(server);
      CompletableFuture<String> text = client.text();
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      client.close();
      assertThat(failure(text).kind()).isEqualTo(Kind.CANCELLED);
      assertThat(failure(client.text())).hasMessageContaining("closed");
    }
  }

  /** A body that breaks off is read anew, from its start. */
  @Test
  void readsAnewAfterABrokenBody() throws Exception {
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  while (peer.head() != null) {
                    if (n == 1) {
                      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
                      return;
                    }
                    peer.send(OK);
                  }
                });
        Client client = new Client(server)) {
      List<ByteArrayOutputStream> landings = new CopyOnWriteArrayList<>();
      Receiver receiver =
          (meta, offset, length) -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            landings.add(bytes);
            return new Receiver.Landing(
                (at, piece) -> {
                  byte[] copy = new byte[piece.remaining()];
                  piece.get(copy);
                  bytes.writeBytes(copy);
                },
                length);
          };
      read(client, receiver).get(30, TimeUnit.SECONDS);
      assertThat(landings).hasSize(2);
      assertThat(landings.get(1)).hasToString("hello");
    }
  }

  @Test
  void doesNotRepeatWhatNobodyWants() throws Exception {
    try (RawServer server = RawServer.answering(OK);
        Client client = new Client(server)) {
      ObjectStoreException e =
          failure(
              read(
                  client,
                  (meta, offset, length) -> {
                    throw new IOException("the disk is full");
                  }));
      assertThat(e).hasMessageContaining("the disk is full");
      assertThat(server.heads).hasSize(1);
    }
  }

  private static CompletableFuture<Void> read(Client client, Receiver receiver) {
    Call call = client.call();
    return client.rest.send(
        call,
        client.request().build(),
        Reply.reading(
            call,
            ByteRange.WHOLE,
            receiver,
            (head, span) -> ObjectMeta.listed(URI, span.size(), Instant.EPOCH, Optional.empty())));
  }

  @Test
  void fetchesOneTokenForManyRequests() throws Exception {
    AtomicInteger fetched = new AtomicInteger();
    Tokens tokens =
        new Tokens(
            "test",
            () ->
                new Tokens.Token("t" + fetched.incrementAndGet(), Instant.now().plusSeconds(3600)));
    try (RawServer server = RawServer.answering(OK);
        Client client = new Client(server, quick(), tokens)) {
      for (int i = 0; i < 5; i++) {
        assertThat(get(client.text())).isEqualTo("hello");
      }
      assertThat(fetched).hasValue(1);
      assertThat(server.heads).allMatch(head -> head.contains("Authorization: Bearer t1\r\n"));
    }
  }

  @Test
  void fetchesAnotherTokenBeforeOneEnds() throws Exception {
    AtomicInteger fetched = new AtomicInteger();
    Tokens tokens =
        new Tokens(
            "test",
            () -> new Tokens.Token("t" + fetched.incrementAndGet(), Instant.now().plusSeconds(60)));
    try (RawServer server = RawServer.answering(OK);
        Client client = new Client(server, quick(), tokens)) {
      get(client.text());
      get(client.text());
      assertThat(server.heads.get(1)).contains("Authorization: Bearer t2\r\n");
    }
  }

  @Test
  void saysWhyThereIsNoToken() throws Exception {
    Tokens tokens =
        new Tokens(
            "test",
            () -> {
              throw new NoCredentialsException("no credentials found; tried this and that", null);
            });
    try (RawServer server = RawServer.answering(OK);
        Client client = new Client(server, quick(), tokens)) {
      ObjectStoreException e = failure(client.text());
      assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
      assertThat(e).hasMessageContaining("tried this and that");
      assertThat(server.heads).isEmpty();
    }
  }

  /** To a host that is not this machine, and without TLS: there is not even a connection. */
  @Test
  void sendsNoTokenInTheClear() throws Exception {
    Tokens tokens = new Tokens("test", () -> new Tokens.Token("secret", Instant.MAX));
    HttpRequest request =
        HttpRequest.builder("GET").server("http", "store.example", 80).target("/key").build();
    CompletableFuture<HttpRequest> authorized = tokens.authorize(request);
    assertThat(authorized).isCompletedExceptionally();
    assertThat(authorized.handle((r, e) -> Steps.bare(e).getMessage()).join())
        .contains("https")
        .doesNotContain("secret");
  }
}
