package io.s3dlio.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutResult;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.StoreContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Copies that take their time, which those of Azurite never do. */
class CopyTest {

  private static final ObjectUri FROM = ObjectUri.parse("az://account/container/from");
  private static final ObjectUri TO = ObjectUri.parse("az://account/container/to");

  private final AtomicInteger looks = new AtomicInteger();
  private final CountDownLatch looked = new CountDownLatch(1);
  private final CountDownLatch aborted = new CountDownLatch(1);
  private volatile int pending;
  private volatile String outcome = "success";
  private HttpServer server;
  private AzureBackend backend;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    StoreConfig config =
        StoreConfig.defaults()
            .with(AzureKeys.ENDPOINT, "http://127.0.0.1:" + server.getAddress().getPort())
            .with(AzureKeys.ANONYMOUS, "true");
    backend = AzureProvider.open(FROM, new StoreContext(config, RequestListener.NONE), Map.of());
  }

  @AfterEach
  void stop() {
    backend.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    exchange.getResponseHeaders().set("ETag", "\"e\"");
    int status = 200;
    if (query.contains("comp=copy")) {
      assertThat(query).contains("copyid=copy-1");
      aborted.countDown();
      status = 204;
    } else if (exchange.getRequestMethod().equals("PUT")) {
      exchange.getResponseHeaders().set("x-ms-copy-id", "copy-1");
      exchange.getResponseHeaders().set("x-ms-copy-status", "pending");
      status = 202;
    } else if (path.endsWith("/to")) {
      exchange.getResponseHeaders().set("x-ms-copy-id", "copy-1");
      exchange
          .getResponseHeaders()
          .set("x-ms-copy-status", looks.incrementAndGet() > pending ? outcome : "pending");
      looked.countDown();
    } else {
      exchange.getResponseHeaders().set("Content-Length", "5");
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @Test
  void isFollowedToItsEnd() throws Exception {
    pending = 2;
    PutResult result = backend.copy(FROM, TO).get(30, TimeUnit.SECONDS);
    assertThat(result.etag()).contains("e");
    assertThat(looks).hasValue(3);
  }

  @Test
  void tellsThatItFailed() {
    outcome = "failed";
    assertThatThrownBy(() -> backend.copy(FROM, TO).get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("failed");
  }

  @Test
  void isAbortedWhenItIsGivenUp() throws Exception {
    pending = Integer.MAX_VALUE;
    CompletableFuture<PutResult> copy = backend.copy(FROM, TO);
    assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
    copy.cancel(true);
    assertThat(aborted.await(30, TimeUnit.SECONDS)).isTrue();
  }
}
