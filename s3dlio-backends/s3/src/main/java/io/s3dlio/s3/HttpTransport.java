package io.s3dlio.s3;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;

/** The HTTP client and its threads. The one place that knows which client it is. */
final class HttpTransport implements AutoCloseable {

  /**
   * How long the threads go on after closing: the sockets of one tell another that they are closed,
   * and it must still be there to hear of it.
   */
  private static final Duration QUIET = Duration.ofMillis(500);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final SdkAsyncHttpClient client;
  private final EventLoopGroup threads;

  private final ScheduledThreadPoolExecutor timer;

  private HttpTransport(SdkAsyncHttpClient client, EventLoopGroup threads) {
    this.client = client;
    this.threads = threads;
    this.timer = new ScheduledThreadPoolExecutor(1, HttpTransport::daemon);
    timer.setRemoveOnCancelPolicy(true); // the deadline of a request that has long been answered
  }

  /**
   * Opens no connection yet.
   *
   * @throws IllegalArgumentException if the CA bundle cannot be read
   */
  static HttpTransport open(S3Settings settings, Endpoint endpoint) {
    Optional<TrustManager[]> trust =
        endpoint.isTls() ? settings.caBundle().map(Trust::with) : Optional.empty();
    Duration silence = settings.config().get(S3Keys.READ_TIMEOUT);
    Duration connect = settings.config().get(S3Keys.CONNECT_TIMEOUT);
    int cpus = Runtime.getRuntime().availableProcessors();
    EventLoopGroup threads = EventLoops.group(Math.min(settings.maxConcurrency(), cpus));
    NettyNioAsyncHttpClient.Builder builder =
        NettyNioAsyncHttpClient.builder()
            .eventLoopGroup(SdkEventLoopGroup.create(threads))
            .maxConcurrency(settings.maxConcurrency())
            // Requests beyond that wait as long as they may take; the engine sends no more anyway.
            .maxPendingConnectionAcquires(Integer.MAX_VALUE)
            .connectionAcquisitionTimeout(settings.requestTimeout())
            .connectionTimeout(connect)
            .tlsNegotiationTimeout(connect)
            .readTimeout(silence)
            .writeTimeout(silence)
            .tcpKeepAlive(true);
    trust.ifPresent(managers -> builder.tlsTrustManagersProvider(() -> managers));
    return new HttpTransport(new ObservedHttpClient(builder.build()), threads);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "s3dlio-s3-timer");
    thread.setDaemon(true);
    return thread;
  }

  SdkAsyncHttpClient client() {
    return client;
  }

  /** For deadlines and pauses between attempts. */
  ScheduledExecutorService timer() {
    return timer;
  }

  /** Does not wait for the threads: they are daemons and end within {@link #CLOSE_LIMIT}. */
  @Override
  public void close() {
    timer.shutdownNow();
    client.close();
    threads.shutdownGracefully(QUIET.toMillis(), CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
