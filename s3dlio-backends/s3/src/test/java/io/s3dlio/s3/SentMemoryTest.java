package io.s3dlio.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import io.s3dlio.rest.Crc32c;
import io.s3dlio.spi.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** What the SDK hands to the HTTP client is the memory that the engine gave, not a copy. */
class SentMemoryTest {

  /** Sees bodies where a client would send them. */
  private static final class Probe implements SdkAsyncHttpClient, Subscriber<ByteBuffer> {
    final List<Long> addresses = new ArrayList<>();
    final List<Integer> lengths = new ArrayList<>();

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
      request.requestContentPublisher().subscribe(this);
      IllegalStateException end = new IllegalStateException("seen enough");
      request.responseHandler().onError(end);
      return CompletableFuture.failedFuture(end);
    }

    @Override
    public void onSubscribe(Subscription s) {
      s.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      addresses.add(PlatformDependent.directBufferAddress(bytes) + bytes.position());
      lengths.add(bytes.remaining());
    }

    @Override
    public void onError(Throwable error) {
      throw new AssertionError(error);
    }

    @Override
    public void onComplete() {}

    @Override
    public void close() {}
  }

  @Test
  void isTheSourcesOwn() {
    ByteBuffer memory = ByteBuffer.allocateDirect(3 << 20);
    List<ByteBuffer> pieces = List.of(memory.slice(0, 1 << 20), memory.slice(1 << 20, 2 << 20));
    Payload payload = new Payload(pieces, memory.capacity(), Optional.of(0));
    long start = PlatformDependent.directBufferAddress(memory);
    S3Settings settings =
        S3Settings.of(
            Fixture.with(
                Fixture.defaults(),
                "s3.endpoint",
                "http://127.0.0.1:1",
                "s3.access-key",
                "key",
                "s3.secret-key",
                "secret"),
            Map.of());
    Probe probe = new Probe();
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    try (S3AsyncClient sdk =
        Connection.client(
            settings.endpoint(""), settings, Credentials.of(settings), probe, timer)) {
      CompletableFuture<?> put =
          sdk.putObject(
              b ->
                  b.bucket("bucket")
                      .key("key")
                      .contentLength(payload.size())
                      .checksumCRC32C(Crc32c.encode(payload.crc32c().orElseThrow())),
              S3Backend.body(payload));
      CompletableFuture<?> part =
          sdk.uploadPart(
              b ->
                  b.bucket("bucket")
                      .key("key")
                      .uploadId("id")
                      .partNumber(1)
                      .contentLength(payload.size())
                      .checksumCRC32C(Crc32c.encode(payload.crc32c().orElseThrow())),
              S3Backend.body(payload));
      assertThat(put).isCompletedExceptionally();
      assertThat(part).isCompletedExceptionally();
    } finally {
      timer.shutdownNow();
    }
    assertThat(probe.addresses).containsExactly(start, start + (1 << 20), start, start + (1 << 20));
    assertThat(probe.lengths).containsExactly(1 << 20, 2 << 20, 1 << 20, 2 << 20);
  }
}
