package io.s3dlio.http;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** How TLS is spoken: 1.2 or 1.3, the name of the host is checked, unless anybody is trusted. */
public final class Tls {

  private Tls() {}

  /** Made when it is first needed, and once: connections share it, and so the sessions in it. */
  static Supplier<SslContext> once(TrustManager trust) {
    return new Supplier<>() {
      private SslContext made;

      @Override
      public synchronized SslContext get() {
        if (made == null) {
          made = client(trust);
        }
        return made;
      }
    };
  }

  /**
   * Takes BoringSSL or OpenSSL where netty-tcnative is on the class path, else what Java has.
   *
   * @param trust who tells which certificates hold; null for whom Java trusts
   * @return for any number of connections
   */
  public static SslContext client(TrustManager trust) {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .endpointIdentificationAlgorithm(Trust.isAnybody(trust) ? null : "HTTPS");
    if (trust != null) {
      builder.trustManager(trust);
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException("TLS cannot be used: " + e.getMessage(), e);
    }
  }
}
