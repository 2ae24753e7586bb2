package io.s3dlio.s3;

import io.s3dlio.http.Limits;
import io.s3dlio.http.NettyHttpClient;
import io.s3dlio.http.Trust;
import io.s3dlio.rest.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;

/** The HTTP client and the timer beside it. The one place that knows which client it is. */
final class HttpTransport implements AutoCloseable {

  /** Shorter than servers keep a connection that nobody uses. */
  private static final Duration IDLE = Duration.ofSeconds(20);

  private final SdkAsyncHttpClient client;
  private final ScheduledExecutorService timer;

  private HttpTransport(SdkAsyncHttpClient client) {
    this.client = new ObservedHttpClient(client);
    this.timer = Timers.start("s3dlio-s3-timer");
  }

  /**
   * Opens no connection yet.
   *
   * @throws IllegalArgumentException if the CA bundle cannot be read or a proxy cannot be used
   */
  static HttpTransport open(S3Settings settings, Endpoint endpoint) {
    Optional<TrustManager[]> trust =
        endpoint.isTls()
            ? Trust.of(
                "s3",
                settings.config().get(S3Keys.INSECURE),
                settings.caBundle(),
                "s3.ca-bundle or AWS_CA_BUNDLE")
            : Optional.empty();
    Limits limits =
        new Limits(
            "s3",
            settings.maxConcurrency(),
            settings.config().get(S3Keys.CONNECT_TIMEOUT),
            settings.config().get(S3Keys.READ_TIMEOUT),
            IDLE);
    int cpus = Runtime.getRuntime().availableProcessors();
    if (settings.config().get(S3Keys.TRANSPORT) == S3Keys.Transport.SDK) {
      return new HttpTransport(new SdkTransport(limits, cpus, settings.requestTimeout(), trust));
    }
    return new HttpTransport(
        new OwnTransport(
            new NettyHttpClient(
                limits, cpus, settings.proxies(), trust.map(all -> all[0]).orElse(null))));
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
