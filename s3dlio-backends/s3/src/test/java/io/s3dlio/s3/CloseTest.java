package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.payload;
import static io.s3dlio.s3.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutOptions;
import io.s3dlio.s3.WireServer.Reply;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver.Landing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CloseTest {

  @Test
  void endsWhatIsUnderWay() throws Exception {
    CountDownLatch asked = new CountDownLatch(4);
    try (WireServer server =
            WireServer.start(
                (request, n) -> {
                  asked.countDown();
                  return request.method().equals("GET")
                      ? Reply.of(200, Map.of("Content-Length", "1000"), new byte[10])
                      : Reply.silence();
                });
        WireProxy proxy = WireProxy.to(server.endpoint())) {
      Fixture s3 =
          Fixture.on(server, "s3.endpoint", proxy.endpoint().toString(), "retry.max-attempts", "5");
      CountDownLatch begun = new CountDownLatch(2);
      List<CompletableFuture<?>> requests = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        requests.add(
            s3.backend.read(
                s3.uri("k"),
                new ReadRequest(ByteRange.WHOLE, Optional.empty()),
                (meta, offset, length) -> {
                  begun.countDown();
                  return new Landing((at, src) -> src.position(src.limit()), length);
                }));
        requests.add(s3.backend.put(s3.uri("k"), payload(random(10, 1)), PutOptions.DEFAULT));
      }
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      s3.close();
      for (CompletableFuture<?> request : requests) {
        assertThat(request).isDone();
        assertThat(failure(request).kind()).isEqualTo(Kind.CANCELLED);
      }
      assertThat(proxy.awaitOpen(0, Duration.ofSeconds(10))).isZero();
    }
  }

  @Test
  void endsItsThreads() throws Exception {
    try (WireServer server =
        WireServer.start((request, n) -> Reply.of(200, Map.of("ETag", "\"e\""), new byte[0]))) {
      try (Fixture s3 = Fixture.on(server)) {
        get(s3.backend.put(s3.uri("k"), payload(random(10, 1)), PutOptions.DEFAULT));
        assertThat(threads()).isNotEmpty();
      }
      for (Thread thread : threads()) {
        thread.join(10_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("s3dlio-s3-"))
        .toList();
  }

  @Test
  void opensNothingBeforeTheFirstRequest() throws Exception {
    int before = Thread.activeCount();
    try (WireServer server = WireServer.start((request, n) -> Reply.of(200));
        Fixture s3 = Fixture.on(server)) {
      assertThat(s3.backend.capabilities().minPartSize()).isEqualTo(5 << 20);
      assertThat(server.requests()).isEmpty();
      assertThat(Thread.activeCount()).isLessThanOrEqualTo(before + 1); // the server's
    }
  }
}
