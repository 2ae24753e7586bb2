package io.s3dlio.s3;

import io.netty.channel.EventLoopGroup;
import io.s3dlio.http.Limits;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;

/** The client that comes with the SDK, and its threads. */
final class SdkTransport implements SdkAsyncHttpClient {

  /**
   * How long the threads go on after closing: the sockets of one tell another that they are closed,
   * and it must still be there to hear of it.
   */
  private static final Duration QUIET = Duration.ofMillis(500);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final SdkAsyncHttpClient client;
  private final EventLoopGroup threads;

  SdkTransport(Limits limits, int cpus, Duration requestTimeout, Optional<TrustManager[]> trust) {
    this.threads = EventLoops.group(Math.min(limits.connections(), cpus));
    NettyNioAsyncHttpClient.Builder builder =
        NettyNioAsyncHttpClient.builder()
            .eventLoopGroup(SdkEventLoopGroup.create(threads))
            .maxConcurrency(limits.connections())
            // Requests beyond that wait as long as they may take; the engine sends no more anyway.
            .maxPendingConnectionAcquires(Integer.MAX_VALUE)
            .connectionAcquisitionTimeout(requestTimeout)
            .connectionTimeout(limits.connect())
            .tlsNegotiationTimeout(limits.connect())
            .readTimeout(limits.silence())
            .writeTimeout(limits.silence())
            .tcpKeepAlive(true);
    trust.ifPresent(managers -> builder.tlsTrustManagersProvider(() -> managers));
    this.client = builder.build();
  }

  @Override
  public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
    return client.execute(request);
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
    threads.shutdownGracefully(QUIET.toMillis(), CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
