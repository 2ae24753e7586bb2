package io.s3dlio.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.http.Caller.Content;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Requests as they go over the wire. */
class RequestTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static byte[] random(int n) {
    byte[] bytes = new byte[n];
    new Random(n).nextBytes(bytes);
    return bytes;
  }

  private static HttpRequest.Builder put(Caller caller) {
    return caller.request("PUT");
  }

  @Test
  void sendsHeadAndQuery() {
    try (RawServer server = RawServer.answering(OK);
        Caller caller = Caller.of(server)) {
      HttpRequest.Builder request =
          caller.request("GET").target("/a%20b?q=x%20y%26").header("X-A", "1").header("X-A", "2");
      caller.send(request, new Content(Optional.of(0L)), null).await();
      assertThat(server.heads.get(0))
          .startsWith("GET /a%20b?q=x%20y%26 HTTP/1.1\r\n")
          .contains("X-A: 1\r\n", "X-A: 2\r\n", "Host: 127.0.0.1:" + server.port() + "\r\n")
          .doesNotContain("Content-Length", "Transfer-Encoding");
    }
  }

  @Test
  void sendsNoHeadThatSaysMoreThanItShould() {
    try (RawServer server = RawServer.answering(OK);
        Caller caller = Caller.of(server)) {
      for (String value : new String[] {"x\r\nEvil: 1", "x\nEvil: 1", "\0", "\u20ac"}) {
        HttpRequest.Builder request = caller.request("GET").header("X-A", value);
        assertThat(caller.send(request, new Content(Optional.of(0L)), null).failure())
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(server.heads).isEmpty();
      caller.get().await();
    }
  }

  @Test
  void sendsTheBodyInPieces() throws Exception {
    byte[] bytes = random(5 << 20);
    CompletableFuture<byte[]> received = new CompletableFuture<>();
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  received.complete(peer.in.readNBytes(bytes.length));
                  peer.send(OK);
                  peer.always(OK);
                });
        Caller caller = Caller.of(server)) {
      ByteBuffer[] pieces = new ByteBuffer[100];
      int each = bytes.length / 100;
      for (int i = 0; i < 100; i++) {
        int to = i == 99 ? bytes.length : (i + 1) * each;
        byte[] piece = Arrays.copyOfRange(bytes, i * each, to);
        pieces[i] = i % 2 == 0 ? direct(piece) : ByteBuffer.wrap(piece).asReadOnlyBuffer();
      }
      Content content = new Content(Optional.of((long) bytes.length), pieces);
      caller.send(put(caller), content, null).await();
      assertThat(received.get(30, TimeUnit.SECONDS)).isEqualTo(bytes);
      assertThat(server.heads.get(0)).contains("Content-Length: " + bytes.length + "\r\n");
      assertThat(pieces).allSatisfy(piece -> assertThat(piece.position()).isZero()); // to repeat
      caller.get().await();
      assertThat(server.accepted).hasValue(1);
    }
  }

  /** Reactive streams may signal on any thread, one after the other. */
  @Test
  void keepsTheOrderOfPiecesThatComeFromTwoThreads() throws Exception {
    CompletableFuture<byte[]> received = new CompletableFuture<>();
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  received.complete(peer.in.readNBytes(3));
                  peer.send(OK);
                });
        Caller caller = Caller.of(server)) {
      caller.send(put(caller), new TwoThreads(), null).await();
      assertThat(received.get(30, TimeUnit.SECONDS)).containsExactly('a', 'b', 'c');
    }
  }

  /** Gives two pieces on a thread of its own, and the third on the one that asks for more. */
  private static final class TwoThreads implements HttpRequest.Content {

    @Override
    public Optional<Long> length() {
      return Optional.of(3L);
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
      subscriber.onSubscribe(
          new Subscription() {
            private CompletableFuture<Void> first;
            private boolean complete;

            @Override
            public void request(long n) {
              if (first == null) {
                first =
                    CompletableFuture.runAsync(
                        () -> {
                          subscriber.onNext(ByteBuffer.wrap(new byte[] {'a'}));
                          subscriber.onNext(ByteBuffer.wrap(new byte[] {'b'}));
                        });
              } else if (!complete) {
                complete = true;
                first.join();
                subscriber.onNext(ByteBuffer.wrap(new byte[] {'c'}));
                subscriber.onComplete();
              }
            }

            @Override
            public void cancel() {
              complete = true;
            }
          });
    }
  }

  @Test
  void sendsABodyOfUnknownLengthInChunks() {
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send(new String(peer.in.readNBytes(23), ISO_8859_1).isEmpty() ? "" : OK);
                  peer.always(OK);
                });
        Caller caller = Caller.of(server)) {
      Content content =
          new Content(
              Optional.empty(),
              ByteBuffer.wrap("hello".getBytes(ISO_8859_1)),
              ByteBuffer.allocate(0),
              ByteBuffer.wrap("abc".getBytes(ISO_8859_1)));
      caller.send(put(caller), content, null).await();
      caller.get().await(); // begins where the chunks end: 5, hello, 3, abc, 0
      assertThat(server.heads.get(0)).contains("Transfer-Encoding: chunked\r\n");
      assertThat(server.heads.get(1)).startsWith("GET /path HTTP/1.1\r\n");
      assertThat(server.accepted).hasValue(1);
    }
  }

  /** A length beside chunks is what servers refuse, and rightly. */
  @Test
  void takesTheLengthFromTheHeadWhereTheBodyDoesNotKnowIt() throws Exception {
    CompletableFuture<String> body = new CompletableFuture<>();
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  body.complete(new String(peer.in.readNBytes(5), ISO_8859_1));
                  peer.send(OK);
                });
        Caller caller = Caller.of(server)) {
      HttpRequest.Builder request = caller.request("PUT").header("Content-Length", "5");
      Content content =
          new Content(Optional.empty(), ByteBuffer.wrap("hello".getBytes(ISO_8859_1)));
      caller.send(request, content, null).await();
      assertThat(body.get(30, TimeUnit.SECONDS)).isEqualTo("hello");
      assertThat(server.heads.get(0)).doesNotContain("Transfer-Encoding");
    }
  }

  @Test
  void sendsTheBodyWhenTheServerSaysSo() throws Exception {
    CompletableFuture<Boolean> early = new CompletableFuture<>();
    CompletableFuture<String> body = new CompletableFuture<>();
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  early.complete(peer.in.available() > 0);
                  peer.send("HTTP/1.1 100 Continue\r\n\r\n");
                  body.complete(new String(peer.in.readNBytes(5), ISO_8859_1));
                  peer.send(OK);
                });
        Caller caller = Caller.of(server)) {
      caller.send(expecting(caller), content("hello"), null).await();
      assertThat(early.get(30, TimeUnit.SECONDS)).isFalse();
      assertThat(body.get(30, TimeUnit.SECONDS)).isEqualTo("hello");
    }
  }

  private static HttpRequest.Builder expecting(Caller caller) {
    return caller.request("PUT").header("Expect", "100-continue");
  }

  private static Content content(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return new Content(Optional.of((long) bytes.length), ByteBuffer.wrap(bytes));
  }

  @Test
  void sendsTheBodyAlsoToAServerThatDoesNotSaySo() throws Exception {
    CompletableFuture<String> body = new CompletableFuture<>();
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  body.complete(new String(peer.in.readNBytes(5), ISO_8859_1));
                  peer.send(OK);
                });
        Caller caller = Caller.of(server)) {
      caller.send(expecting(caller), content("hello"), null).await();
      assertThat(body.get(30, TimeUnit.SECONDS)).isEqualTo("hello");
    }
  }

  @Test
  void sendsNoBodyToAServerThatRefusesIt() throws Exception {
    CompletableFuture<Integer> rest = new CompletableFuture<>();
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
                  rest.complete(peer.in.readAllBytes().length);
                });
        Caller caller = Caller.of(server)) {
      Caller.Call call = caller.send(expecting(caller), content("hello"), null).await();
      assertThat(call.status()).isEqualTo(403);
      assertThat(call.body()).isEqualTo("no");
      assertThat(rest.get(30, TimeUnit.SECONDS)).isZero(); // and the connection is closed
    }
  }

  /** More than sockets hold: the answer comes while most of the body is still here. */
  @Test
  void hearsAnAnswerThatComesBeforeTheBodyIsSent() throws Exception {
    byte[] bytes = new byte[64 << 20];
    CompletableFuture<Integer> rest = new CompletableFuture<>();
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.in.readNBytes(1000);
                  peer.send("HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\nno");
                  try {
                    rest.complete(peer.in.readAllBytes().length);
                  } catch (SocketException e) {
                    rest.complete(0); // the client has broken off
                  }
                });
        Caller caller = Caller.of(server)) {
      Content content = new Content(Optional.of((long) bytes.length), direct(bytes));
      Caller.Call call = caller.send(put(caller), content, null).await();
      assertThat(call.status()).isEqualTo(400);
      assertThat(call.body()).isEqualTo("no");
      assertThat(rest.get(30, TimeUnit.SECONDS)).isLessThan(bytes.length - 1000);
    }
  }

  /** Sending fails, for the server reads no more; what it said is there all the same. */
  @Test
  void hearsAnAnswerOfAServerThatHasStoppedReading() {
    byte[] bytes = new byte[64 << 20];
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send("HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\nno");
                  peer.finish();
                });
        Caller caller = Caller.of(server)) {
      Content content = new Content(Optional.of((long) bytes.length), direct(bytes));
      assertThat(caller.send(put(caller), content, null).await().status()).isEqualTo(400);
    }
  }

  @Test
  void refusesABodyOfAnotherLength() {
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.in.readAllBytes();
                });
        Caller caller = Caller.of(server)) {
      for (long said : new long[] {4, 6}) {
        Content content = new Content(Optional.of(said), direct("hello".getBytes(ISO_8859_1)));
        assertThat(caller.send(put(caller), content, null).failure())
            .isInstanceOf(IllegalStateException.class)
            .isNotInstanceOf(IOException.class);
      }
    }
  }
}
