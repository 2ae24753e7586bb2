package io.s3dlio.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;

/** Answers as they come over the wire, right and wrong. */
class ResponseTest {

  private static final String OK = "HTTP/1.1 200 OK\r\n";

  @Test
  void passesHeadAndBodyOn() {
    try (RawServer server =
            RawServer.answering(OK + "Content-Length: 5\r\nX-A:  1 \r\nx-a: 2\r\n\r\nhello");
        Caller caller = Caller.of(server)) {
      Caller.Call call = caller.get().await();
      assertThat(call.status()).isEqualTo(200);
      assertThat(call.response.join().reason()).contains("OK");
      assertThat(call.response.join().list("x-a")).containsExactly("1", "2");
      assertThat(call.body()).isEqualTo("hello");
    }
  }

  @Test
  void understandsHeadsByteByByte() {
    String answer = OK + "Content-Length: 5\r\n\r\nhello";
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  for (int i = 0; i < answer.length(); i++) {
                    peer.send(answer.substring(i, i + 1));
                  }
                });
        Caller caller = Caller.of(server)) {
      assertThat(caller.get().await().body()).isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK + "Content-Length: 3\r\n\r\nabc",
        OK + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        OK + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2;x=y\r\nbc\r\n0\r\nTrailer: x\r\n\r\n",
        OK + "transfer-encoding: Chunked\r\n\r\n0003\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\nContent-Length: 3\n\nabc",
        "HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + OK + "Content-Length: 3\r\n\r\nabc",
      })
  void keepsTheConnectionForTheNextRequest(String answer) {
    try (RawServer server = RawServer.answering(answer);
        Caller caller = Caller.of(server)) {
      for (int i = 0; i < 5; i++) {
        assertThat(caller.get().await().body()).isEqualTo("abc");
      }
      assertThat(server.accepted).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK + "Connection: close\r\nContent-Length: 3\r\n\r\nabc",
        OK + "Connection: x, Close\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        // Longer than it says: what the rest belongs to nobody knows.
        OK + "Content-Length: 3\r\n\r\nabcde",
      })
  void closesTheConnectionWhereItHasTo(String answer) {
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send(answer);
                  peer.in.readAllBytes(); // until the client has closed
                });
        Caller caller = Caller.of(server, limits(1))) {
      for (int i = 0; i < 3; i++) {
        assertThat(caller.get().await().body()).isEqualTo("abc");
      }
      assertThat(server.accepted).hasValue(3);
    }
  }

  private static Limits limits(int connections) {
    Limits usual = Caller.LIMITS;
    return new Limits("test", connections, usual.connect(), usual.silence(), usual.idle());
  }

  @Test
  void readsToTheEndOfTheConnectionWhereNoLengthIsSaid() {
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send(OK + "\r\nhel");
                  peer.send("lo");
                  peer.finish();
                });
        Caller caller = Caller.of(server)) {
      assertThat(caller.get().await().body()).isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD 200", "GET 204", "GET 304"})
  void expectsNoBodyWhereThereIsNone(String which) {
    String[] words = which.split(" ");
    try (RawServer server =
            RawServer.answering("HTTP/1.1 " + words[1] + " X\r\nContent-Length: 99\r\n\r\n");
        Caller caller = Caller.of(server)) {
      for (int i = 0; i < 3; i++) {
        Caller.Call call = caller.send(words[0]).await();
        assertThat(call.status()).isEqualTo(Integer.parseInt(words[1]));
        assertThat(call.body()).isEmpty();
      }
      assertThat(server.accepted).hasValue(1);
    }
  }

  @Test
  void followsNoRedirect() {
    try (RawServer server =
            RawServer.answering(
                "HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
        Caller caller = Caller.of(server)) {
      assertThat(caller.get().await().status()).isEqualTo(307);
      assertThat(server.heads).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n\r\n",
        "nonsense\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        OK + "no colon\r\n\r\n",
        OK + ": no name\r\n\r\n",
        OK + "Name : blank\r\n\r\n",
        OK + "A: b\r\n folded: c\r\n\r\n",
        OK + "A: b\0c\r\n\r\n",
        OK + "A: b\rc\r\n\r\n",
        OK + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        OK + "Content-Length: 3, 4\r\n\r\nabcd",
        OK + "Content-Length: -3\r\n\r\nabc",
        OK + "Content-Length: +3\r\n\r\nabc",
        OK + "Content-Length: 99999999999999999999\r\n\r\nabc",
        OK + "Content-Length: \r\n\r\nabc",
        OK + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        OK + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        OK + "Transfer-Encoding: identity\r\n\r\nabc",
        OK + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      })
  void refusesWhatIsNoProperAnswer(String answer) {
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send(answer);
                  peer.in.readAllBytes(); // the client is to end it
                });
        Caller caller = Caller.of(server)) {
      assertThat(caller.get().failure()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusesAFloodOfHeads() {
    String many = "A: b\r\n".repeat(300);
    String interim = "HTTP/1.1 103 Hints\r\n\r\n".repeat(100);
    String line = "1;" + "x".repeat(10_000);
    String trailers = "0\r\n" + "A: b\r\n".repeat(300);
    for (String flood :
        new String[] {
          OK + many,
          OK + "A: " + "b".repeat(100_000),
          "x".repeat(100_000),
          interim,
          OK + "Transfer-Encoding: chunked\r\n\r\n" + line,
          OK + "Transfer-Encoding: chunked\r\n\r\n" + trailers
        }) {
      try (RawServer server =
              RawServer.start(
                  (peer, n) -> {
                    peer.head();
                    peer.send(flood); // without an end
                    peer.in.readAllBytes();
                  });
          Caller caller = Caller.of(server)) {
        assertThat(caller.get().failure()).isInstanceOf(IOException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 2",
        OK + "Content-Length: 9\r\n\r\nabc",
        OK + "Transfer-Encoding: chunked\r\n\r\n9\r\nabc",
        OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
      })
  void noticesThatAnAnswerEndsEarly(String answer) {
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send(answer);
                  peer.finish();
                });
        Caller caller = Caller.of(server)) {
      assertThat(caller.get().failure())
          .isInstanceOf(IOException.class)
          .hasMessageMatching(".*(ended within the answer|closed the connection).*");
    }
  }

  @Test
  void givesTheBodyAsItIsAskedFor() throws Exception {
    byte[] body = new byte[8 << 20];
    new Random(1).nextBytes(body);
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send(OK + "Content-Length: " + body.length + "\r\n\r\n");
                  peer.send(body);
                  peer.always(OK + "Content-Length: 0\r\n\r\n");
                });
        Caller caller = Caller.of(server)) {
      CompletableFuture<Subscription> subscription = new CompletableFuture<>();
      Caller.Call call = new Caller.Call();
      call.onSubscribe = subscription::complete;
      call = caller.send(call, caller.request("GET"));
      Subscription s = subscription.get(30, TimeUnit.SECONDS);
      while (!call.end.isDone()) {
        s.request(1);
      }
      assertThat(call.await().body()).isEqualTo(new String(body, StandardCharsets.ISO_8859_1));
      caller.get().await();
      assertThat(server.accepted).hasValue(1);
    }
  }
}
