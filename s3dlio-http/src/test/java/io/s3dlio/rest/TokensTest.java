package io.s3dlio.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.Tokens.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {

  private static final Token TOKEN = new Token("CANARY", Instant.now().plus(Duration.ofHours(1)));

  private final AtomicInteger fetched = new AtomicInteger();
  private final Tokens tokens =
      new Tokens(
          "test",
          () -> {
            fetched.incrementAndGet();
            return TOKEN;
          });

  private HttpRequest authorized(String scheme, String host) throws Exception {
    HttpRequest request = HttpRequest.builder("GET").server(scheme, host, 8080).target("/").build();
    return tokens.authorize(request).get(30, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({"https, store.example", "http, localhost", "http, 127.0.0.1", "http, [::1]"})
  void goOverTlsOrToThisMachine(String scheme, String host) throws Exception {
    assertThat(authorized(scheme, host).header("Authorization")).contains("Bearer CANARY");
  }

  @ParameterizedTest
  @CsvSource({
    "store.example",
    "10.0.0.1",
    "169.254.169.254",
    "localhost.example",
    "127.0.0.1.example"
  })
  void goNowhereElseInTheClear(String host) {
    assertThatThrownBy(() -> authorized("http", host))
        .hasCauseInstanceOf(NoCredentialsException.class)
        .hasMessageContaining("use https");
    assertThat(fetched).as("none is even fetched").hasValue(0);
  }

  @Test
  void showNothing() throws Exception {
    assertThat(TOKEN.toString()).doesNotContain("CANARY");
    assertThat(authorized("https", "store.example").toString()).doesNotContain("CANARY");
  }
}
