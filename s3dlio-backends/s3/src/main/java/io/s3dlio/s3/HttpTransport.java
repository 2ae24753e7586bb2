package io.s3dlio.s3;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;

/** Makes the HTTP client. The one place that knows which one it is. */
final class HttpTransport {

  private HttpTransport() {}

  /**
   * Opens no connection yet.
   *
   * @throws IllegalArgumentException if the CA bundle cannot be read
   */
  static SdkAsyncHttpClient create(S3Settings settings) {
    Duration silence = settings.config().get(S3Keys.READ_TIMEOUT);
    Duration connect = settings.config().get(S3Keys.CONNECT_TIMEOUT);
    NettyNioAsyncHttpClient.Builder builder =
        NettyNioAsyncHttpClient.builder()
            .maxConcurrency(settings.maxConcurrency())
            // Requests beyond that wait as long as they may take; the engine sends no more anyway.
            .maxPendingConnectionAcquires(Integer.MAX_VALUE)
            .connectionAcquisitionTimeout(settings.requestTimeout())
            .connectionTimeout(connect)
            .tlsNegotiationTimeout(connect)
            .readTimeout(silence)
            .writeTimeout(silence)
            .tcpKeepAlive(true);
    Optional<Path> bundle = settings.caBundle();
    if (bundle.isPresent()) {
      TrustManager[] trust = Trust.with(bundle.get());
      builder.tlsTrustManagersProvider(() -> trust);
    }
    return builder.build();
  }
}
