package io.s3dlio.s3;

import io.netty.handler.ssl.SslContext;
import io.s3dlio.s3.http.Limits;
import io.s3dlio.s3.http.NettyHttpClient;
import io.s3dlio.s3.http.Tls;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.utils.Lazy;

/** The HTTP client and the timer beside it. The one place that knows which client it is. */
final class HttpTransport implements AutoCloseable {

  /** Shorter than servers keep a connection that nobody uses. */
  private static final Duration IDLE = Duration.ofSeconds(20);

  private final SdkAsyncHttpClient client;
  private final ScheduledThreadPoolExecutor timer;

  private HttpTransport(SdkAsyncHttpClient client) {
    this.client = new ObservedHttpClient(client);
    this.timer = new ScheduledThreadPoolExecutor(1, HttpTransport::daemon);
    timer.setRemoveOnCancelPolicy(true); // the deadline of a request that has long been answered
    // With something due sooner than any deadline, a request does not wake the timer's thread.
    timer.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.SECONDS);
  }

  /**
   * Opens no connection yet.
   *
   * @throws IllegalArgumentException if the CA bundle cannot be read or a proxy cannot be used
   */
  static HttpTransport open(S3Settings settings, Endpoint endpoint) {
    Optional<TrustManager[]> trust =
        endpoint.isTls() ? settings.caBundle().map(Trust::with) : Optional.empty();
    Limits limits =
        new Limits(
            settings.maxConcurrency(),
            settings.config().get(S3Keys.CONNECT_TIMEOUT),
            settings.config().get(S3Keys.READ_TIMEOUT),
            IDLE);
    int cpus = Runtime.getRuntime().availableProcessors();
    if (settings.config().get(S3Keys.TRANSPORT) == S3Keys.Transport.SDK) {
      return new HttpTransport(new SdkTransport(limits, cpus, settings.requestTimeout(), trust));
    }
    Lazy<SslContext> tls = new Lazy<>(() -> Tls.client(trust.map(all -> all[0]).orElse(null)));
    return new HttpTransport(
        new NettyHttpClient(
            limits, cpus, settings.proxies(), (Supplier<SslContext>) tls::getValue));
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

  /** Does not wait for the client's threads: they are daemons and end within seconds. */
  @Override
  public void close() {
    timer.shutdownNow();
    client.close();
  }
}
