package io.s3dlio.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers that always say a little more, so that no silence is long: the time for the request
 * holds.
 */
@Timeout(120)
class SlowServerTest {

  /** Says something, then one piece after the other, for ever. */
  private static final class Dripping implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final String first;
    private final String piece;

    Dripping(String first, String piece) throws IOException {
      this.first = first;
      this.piece = piece;
      daemon(this::accept);
    }

    private static void daemon(Runnable task) {
      Thread thread = new Thread(task, "dripping");
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      try {
        while (true) {
          Socket socket = listener.accept();
          daemon(() -> drip(socket));
        }
      } catch (IOException e) {
        // closed
      }
    }

    private void drip(Socket socket) {
      try (socket) {
        OutputStream out = socket.getOutputStream();
        // An answer to nothing would be a broken connection, and not a slow one.
        socket.getInputStream().read(new byte[1 << 16]);
        out.write(first.getBytes(US_ASCII));
        while (!closed.await(20, TimeUnit.MILLISECONDS)) {
          out.write(piece.getBytes(US_ASCII));
        }
      } catch (IOException | InterruptedException e) {
        // it has had enough
      }
    }

    String endpoint() {
      return "http://127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      closed.countDown();
      listener.close();
    }
  }

  private static ObjectStoreException failure(Cloud cloud, Dripping server) throws Exception {
    StoreConfig config =
        cloud
            .config(server.endpoint())
            .with(cloud.setting("read-timeout"), "1m")
            .with(StoreConfig.REQUEST_TIMEOUT, "2s");
    try (ObjectStore store = cloud.open(config)) {
      ObjectStoreException e =
          catchThrowableOfType(
              ObjectStoreException.class, () -> store.get(cloud.uri("key")).close());
      assertThat(store.pool().used()).isZero();
      return e;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBodyOfAByteAtATime(Cloud cloud) throws Exception {
    try (Dripping server =
        new Dripping(
            "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\nETag: \"e\"\r\n"
                + "Last-Modified: Sun, 22 Nov 2026 03:27:00 GMT\r\nx-goog-generation: 7\r\n\r\n",
            "x")) {
      assertThat(failure(cloud, server).kind()).isEqualTo(Kind.TIMEOUT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void headersWithoutEnd(Cloud cloud) throws Exception {
    try (Dripping server = new Dripping("HTTP/1.1 200 OK\r\n", "X-More: x\r\n")) {
      assertThat(failure(cloud, server).kind()).isEqualTo(Kind.TIMEOUT);
    }
  }
}
