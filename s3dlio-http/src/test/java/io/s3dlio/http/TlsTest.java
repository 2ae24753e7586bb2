package io.s3dlio.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContext;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TlsTest {

  @Test
  void makesItsContextOnce() {
    Supplier<SslContext> tls = Tls.once(null);

    assertThat(tls.get()).isSameAs(tls.get());
  }
}
