package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutOptions;
import io.s3dlio.s3.WireServer.Reply;
import io.s3dlio.s3.WireServer.Request;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An upload that is created after nobody waits for it any more does not stay. */
@Timeout(60)
class CreationsTest {

  private static final long LARGE = 6L << 30;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);

  private WireServer server() {
    return WireServer.start(
        (request, n) ->
            switch (request.method()) {
              case "HEAD" -> Reply.of(200, Map.of("Content-Length", "" + LARGE), new byte[0]);
              case "POST" -> created();
              default -> Reply.of(204);
            });
  }

  private Reply created() {
    asked.countDown();
    await(answer);
    return Reply.xml(
        200,
        "<InitiateMultipartUploadResult><UploadId>id-7</UploadId></InitiateMultipartUploadResult>",
        Map.of());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void assertAbortedIfGivenUp(Function<Fixture, CompletableFuture<?>> operation)
      throws Exception {
    try (WireServer server = server()) {
      try (Fixture s3 = Fixture.on(server)) {
        CompletableFuture<?> future = operation.apply(s3);
        await(asked);
        future.cancel(true);
        answer.countDown();
      }
      assertThat(server.requests().stream().filter(CreationsTest::isAbort)).hasSize(1);
    }
  }

  private static boolean isAbort(Request request) {
    return request.method().equals("DELETE") && request.target().endsWith("?uploadId=id-7");
  }

  @Test
  void ofAPut() throws Exception {
    assertAbortedIfGivenUp(
        s3 -> s3.backend.startMultipart(s3.uri("k"), 5 << 20, PutOptions.DEFAULT));
  }

  @Test
  void ofACopy() throws Exception {
    assertAbortedIfGivenUp(s3 -> s3.backend.copy(s3.uri("k"), s3.uri("l")));
  }

  @Test
  void thatIsUnderWayWhenTheStoreIsClosed() throws Exception {
    try (WireServer server = server()) {
      Fixture s3 = Fixture.on(server);
      CompletableFuture<?> future =
          s3.backend.startMultipart(s3.uri("k"), 5 << 20, PutOptions.DEFAULT);
      await(asked);
      CompletableFuture<Void> given = future.handle((upload, error) -> null);
      given.thenRun(answer::countDown); // no sooner than it is given up
      s3.close();
      assertThat(failure(future).kind()).isEqualTo(Kind.CANCELLED);
      assertThat(server.requests().stream().filter(CreationsTest::isAbort)).hasSize(1);
    }
  }

  /** Its upload is aborted by nobody but the copy itself. */
  @Test
  void ofACopyThatIsGivenUpWhileItsPartsAreCopied() throws Exception {
    CountDownLatch copying = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    answer.countDown();
    try (WireServer server =
        WireServer.start(
            (request, n) ->
                switch (request.method()) {
                  case "HEAD" -> Reply.of(200, Map.of("Content-Length", "" + LARGE), new byte[0]);
                  case "POST" -> created();
                  case "PUT" -> {
                    copying.countDown();
                    yield Reply.silence();
                  }
                  default -> {
                    await(closing);
                    yield Reply.of(204);
                  }
                })) {
      Fixture s3 = Fixture.on(server);
      CompletableFuture<?> copy = s3.backend.copy(s3.uri("k"), s3.uri("l"));
      await(copying);
      copy.cancel(true);
      FutureTask<Void> close =
          new FutureTask<>(
              () -> {
                s3.close();
                return null;
              });
      Thread closer = new Thread(close);
      closer.start();
      while (closer.isAlive() && closer.getState() == Thread.State.RUNNABLE) {
        Thread.onSpinWait();
      }
      closing.countDown();
      close.get(30, TimeUnit.SECONDS);
      assertThat(s3.events)
          .filteredOn(event -> event.operation().equals("abortMultipart"))
          .singleElement()
          .satisfies(event -> assertThat(event.error()).isEmpty());
    }
  }

  @Test
  void isNotWaitedForWithoutEnd() throws Exception {
    try (WireServer server = server()) {
      Fixture s3 = Fixture.on(server);
      CompletableFuture<?> future =
          s3.backend.startMultipart(s3.uri("k"), 5 << 20, PutOptions.DEFAULT);
      await(asked);
      s3.close();
      assertThat(failure(future).kind()).isEqualTo(Kind.CANCELLED);
      answer.countDown();
    }
  }
}
