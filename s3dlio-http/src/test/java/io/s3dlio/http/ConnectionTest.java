package io.s3dlio.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.s3dlio.http.Caller.Content;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;

/** How connections begin, serve, wait and end. */
class ConnectionTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Content NOTHING = new Content(Optional.of(0L));

  @Test
  void opensNoMoreConnectionsThanItMay() {
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  most.accumulateAndGet(open.incrementAndGet(), Math::max);
                  peer.always(OK);
                  open.decrementAndGet();
                });
        Caller caller = Caller.of(server, new Limits("test", 3, LONG, LONG, LONG))) {
      List<Caller.Call> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        calls.add(caller.get());
      }
      calls.forEach(Caller.Call::await);
      assertThat(most.get()).isBetween(1, 3);
      assertThat(server.accepted.get()).isBetween(1, 3);
    }
  }

  /** The place of a connection to one host is given to another host. */
  @Test
  void givesPlacesToWhoeverNeedsThem() {
    try (RawServer server = RawServer.answering(OK);
        Caller caller = Caller.of(server, new Limits("test", 1, LONG, LONG, LONG))) {
      List<Caller.Call> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String host = i % 2 == 0 ? "127.0.0.1" : "localhost";
        HttpRequest.Builder request = caller.request("GET", "http", host);
        calls.add(caller.send(request, NOTHING, null));
        if (i % 3 == 0) {
          calls.get(i).await();
        }
      }
      calls.forEach(Caller.Call::await);
      assertThat(server.heads).hasSize(20);
    }
  }

  @Test
  void noticesThatAnIdleConnectionWasClosed() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send(OK);
                  peer.finish(); // returns when the client has closed its side
                  closed.countDown();
                });
        Caller caller = Caller.of(server)) {
      caller.get().await();
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
      caller.get().await();
      assertThat(server.accepted).hasValue(2);
    }
  }

  @Test
  void closesAConnectionOnWhichItIsSpokenToUnasked() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send(OK);
                  peer.send(OK);
                  peer.in.readAllBytes();
                  closed.countDown();
                });
        Caller caller = Caller.of(server)) {
      caller.get().await();
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** What a connection brings too much is not the answer to whoever waits for the connection. */
  @Test
  void givesNobodyTheRestOfAnother() {
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send(OK + "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
                  peer.in.readAllBytes(); // until the client has closed
                });
        Caller caller = Caller.of(server, new Limits("test", 1, LONG, LONG, LONG))) {
      List<Caller.Call> calls = List.of(caller.get(), caller.get(), caller.get());
      for (Caller.Call call : calls) {
        assertThat(call.await().status()).isEqualTo(200);
      }
      assertThat(server.accepted).hasValue(3);
    }
  }

  @Test
  void keepsNoConnectionForEver() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.always(OK);
                  closed.countDown();
                });
        Caller caller = Caller.of(server, new Limits("test", 1, LONG, Duration.ofDays(1), SHORT))) {
      caller.get().await();
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
      caller.get().await();
    }
  }

  @Test
  void waitsForNoServerForEver() {
    for (String begin :
        new String[] {"", "HTTP/1.1 200", OK.replace("0\r\n\r\n", "5\r\n\r\nhel")}) {
      try (RawServer server =
              RawServer.start(
                  (peer, n) -> {
                    peer.head();
                    peer.send(begin);
                    peer.in.readAllBytes();
                  });
          Caller caller = Caller.of(server, new Limits("test", 1, LONG, SHORT, LONG))) {
        assertThat(caller.get().failure()).isInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  @Test
  void waitsForNoServerThatTakesNothing() {
    ByteBuffer body = ByteBuffer.allocateDirect(64 << 20);
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  awaitEnd(n);
                });
        Caller caller = Caller.of(server, new Limits("test", 1, LONG, SHORT, LONG))) {
      HttpRequest.Builder request = caller.request("PUT");
      Content content = new Content(Optional.of((long) body.capacity()), body);
      assertThat(caller.send(request, content, null).failure())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  private static void awaitEnd(int n) throws IOException {
    try {
      new CountDownLatch(n).await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Does not listen, and keeps others from its port. */
  private static Socket bound() throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
    return socket;
  }

  @Test
  void tellsWhyThereIsNoConnection() throws Exception {
    try (Socket nobody = bound();
        Caller caller = Caller.refusedBy(nobody, Caller.LIMITS)) {
      assertThat(caller.get().failure()).isInstanceOf(ConnectException.class);
      HttpRequest.Builder elsewhere = caller.request("GET", "http", "no-such-host.invalid");
      assertThat(caller.send(elsewhere, NOTHING, null).failure())
          .isInstanceOf(UnknownHostException.class);
    }
  }

  /** Whoever waits for a place gets it, or the error, when connecting fails. */
  @Test
  void leavesNobodyWaitingWhenConnectingFails() throws Exception {
    try (Socket nobody = bound();
        Caller caller = Caller.refusedBy(nobody, new Limits("test", 1, LONG, LONG, LONG))) {
      List<Caller.Call> calls = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        calls.add(caller.get());
      }
      assertThat(calls)
          .allSatisfy(c -> assertThat(c.failure()).isInstanceOf(ConnectException.class));
    }
  }

  @Test
  void doesNotWaitForEverForTls() {
    try (RawServer server = RawServer.start((peer, n) -> peer.in.readAllBytes());
        Caller caller = Caller.of(server, new Limits("test", 1, SHORT, LONG, LONG))) {
      HttpRequest.Builder request = caller.request("GET", "https", "127.0.0.1");
      assertThat(caller.send(request, NOTHING, null).failure())
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("not connected within 200 ms");
    }
  }

  @Test
  void canBeGivenUpWhileItWaitsAndWhileItIsServed() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  if (n > 1) {
                    peer.always(OK);
                    return;
                  }
                  peer.head();
                  asked.countDown();
                  peer.in.readAllBytes();
                  closed.countDown();
                });
        Caller caller = Caller.of(server, new Limits("test", 1, LONG, LONG, LONG))) {
      Caller.Call served = caller.get();
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      Caller.Call waiting = caller.get();
      Caller.Call next = caller.get();
      waiting.end.cancel(true);
      served.end.cancel(true);
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
      next.await();
      assertThat(server.heads).hasSize(2);
    }
  }

  @Test
  void breaksOffWhatIsNotWanted() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc");
                  peer.in.readAllBytes();
                  closed.countDown();
                });
        Caller caller = Caller.of(server)) {
      Caller.Call call = new Caller.Call();
      call.onSubscribe = Subscription::cancel;
      caller.send(call, caller.request("GET"));
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(call.body()).isEmpty();
    }
  }

  @Test
  void endsEverythingWhenItIsClosed() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (RawServer server =
        RawServer.start(
            (peer, n) -> {
              peer.head();
              asked.countDown();
              peer.in.readAllBytes();
            })) {
      Caller caller = Caller.of(server, new Limits("test", 1, LONG, LONG, LONG));
      Caller.Call served = caller.get();
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      Caller.Call waiting = caller.get();
      caller.close();
      assertThat(served.failure()).hasMessageContaining("closed");
      assertThat(waiting.failure()).hasMessageContaining("closed");
      assertThat(caller.get().failure()).hasMessageContaining("closed");
    }
  }

  /** One that connects hears of it as well as one that waits for its place. */
  @Test
  void endsConnectingWhenItIsClosed() throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    try (RawServer server =
        RawServer.start(
            (peer, n) -> {
              connected.countDown();
              peer.in.readAllBytes(); // without a word of TLS
            })) {
      Caller caller = Caller.of(server, new Limits("test", 1, LONG, LONG, LONG));
      HttpRequest.Builder request = caller.request("GET", "https", "127.0.0.1");
      Caller.Call connecting = caller.send(request, NOTHING, null);
      assertThat(connected.await(30, TimeUnit.SECONDS)).isTrue();
      caller.close();
      assertThat(connecting.end).isCompletedExceptionally();
      assertThat(connecting.failure()).hasMessageContaining("closed");
    }
  }

  /** Takes a body into memory of its own. */
  private static final class Memory implements Intake {
    final ByteBuffer memory = ByteBuffer.allocateDirect(20 << 20);
    final AtomicInteger inPlace = new AtomicInteger();

    @Override
    public boolean inPlace() {
      return true;
    }

    @Override
    public void take(ByteBuffer bytes) {
      memory.put(bytes);
    }

    @Override
    public int takeFrom(ReadableByteChannel socket, int most) {
      int limit = memory.limit();
      memory.limit(Math.min(limit, memory.position() + most));
      try {
        int n = socket.read(memory);
        inPlace.addAndGet(Math.max(0, n));
        return n;
      } catch (IOException e) {
        throw new AssertionError("the client keeps those to itself", e);
      } finally {
        memory.limit(limit);
      }
    }
  }

  private static HttpRequest.Builder get(Caller caller) {
    return caller.request("GET");
  }

  @Test
  void receivesInPlace() {
    byte[] body = new byte[10 << 20];
    new Random(7).nextBytes(body);
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  while (peer.head() != null) {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
                    peer.send(body);
                  }
                });
        Caller caller = Caller.of(server)) {
      Memory memory = new Memory();
      for (int i = 0; i < 2; i++) {
        Caller.Call call = caller.send(get(caller), NOTHING, memory).await();
        assertThat(call.body()).as("what the SDK sees").isEmpty();
      }
      assertThat(memory.memory.hasRemaining()).isFalse();
      memory.memory.flip();
      assertThat(memory.memory.slice(0, body.length)).isEqualTo(ByteBuffer.wrap(body));
      assertThat(memory.memory.slice(body.length, body.length)).isEqualTo(ByteBuffer.wrap(body));
      // All but what came with the heads.
      assertThat(memory.inPlace.get()).isGreaterThan(2 * body.length - 2 * WireChannel.RECEIVE - 1);
      assertThat(server.accepted).hasValue(1);
    }
  }

  @Test
  void noticesInPlaceThatAnAnswerEndsEarly() {
    try (RawServer server =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                  peer.send("abc");
                  peer.finish();
                });
        Caller caller = Caller.of(server)) {
      assertThat(caller.send(get(caller), NOTHING, new Memory()).failure())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ended within the answer");
    }
  }

  @Test
  void takesABodyOfAnUnknownLengthInPieces() {
    try (RawServer server =
            RawServer.answering(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        Caller caller = Caller.of(server)) {
      Memory memory = new Memory();
      caller.send(get(caller), NOTHING, memory).await();
      assertThat(memory.memory.position()).isEqualTo(3);
      assertThat(memory.inPlace).hasValue(0);
    }
  }

  /** Whoever began it before the end has not let it go afterwards: it must not stay open. */
  @Test
  void leavesNoConnectionThatWasBegunWhenItEnded() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    EventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (RawServer server =
        RawServer.start(
            (peer, number) -> {
              peer.in.readAllBytes();
              ended.countDown();
            })) {
      Connector connector = new Connector(threads, Caller.LIMITS, () -> Tls.client(null));
      Route route = new Route(false, "127.0.0.1", server.port(), Optional.empty());
      CompletableFuture<CompletableFuture<?>> begun = new CompletableFuture<>();
      CountDownLatch made = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      threads.execute(
          () -> {
            begun.complete(connector.connect(route));
            // After the socket has been made, before it connects.
            threads.execute(
                () -> {
                  made.countDown();
                  awaitQuietly(go);
                });
          });
      CompletableFuture<?> result = begun.get(20, TimeUnit.SECONDS);
      awaitQuietly(made);
      connector.close();
      threads.shutdownGracefully(0, 10, TimeUnit.SECONDS);
      go.countDown();
      assertThat(threads.terminationFuture().await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(result).as("of a connection").isCompletedExceptionally();
      if (server.accepted.get() > 0) {
        assertThat(ended.await(20, TimeUnit.SECONDS)).as("it is closed").isTrue();
      }
    } finally {
      threads.shutdownGracefully(0, 10, TimeUnit.SECONDS);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
