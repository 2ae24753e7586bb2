package io.s3dlio.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.StoreConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * How long is paused before each try, as it is decided; that it is then waited for is counted at a
 * proxy.
 */
class RetryPauseTest {

  private static final StoreConfig CONFIG =
      StoreConfig.defaults()
          .with("retry.max-attempts", "8")
          .with("retry.base-delay", "100ms")
          .with("retry.max-delay", "1s");

  private static S3Exception failure(int status, String... retryAfter) {
    SdkHttpResponse.Builder response = SdkHttpResponse.builder().statusCode(status);
    if (retryAfter.length > 0) {
      response.putHeader("Retry-After", List.of(retryAfter));
    }
    return (S3Exception)
        S3Exception.builder()
            .statusCode(status)
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode(status == 500 ? "InternalError" : "SlowDown")
                    .sdkHttpResponse(response.build())
                    .build())
            .build();
  }

  /** The seven pauses of a request that fails eight times. */
  private static List<Duration> pauses(S3Exception failure) {
    RetryStrategy strategy = Connection.retries(CONFIG);
    RetryToken token =
        strategy.acquireInitialToken(AcquireInitialTokenRequest.create("test")).token();
    List<Duration> pauses = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      RefreshRetryTokenResponse next =
          strategy.refreshRetryToken(
              RefreshRetryTokenRequest.builder().token(token).failure(failure).build());
      token = next.token();
      pauses.add(next.delay());
    }
    return pauses;
  }

  /** Of 200 pauses at random up to a bound, all lie in one half of it with odds of 1 to 2^199. */
  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void isAtRandomUpToABoundThatDoubles(int status) {
    List<List<Duration>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(pauses(failure(status)));
    }
    for (int i = 0; i < 7; i++) {
      int n = i;
      Duration bound = Duration.ofMillis(Math.min(1000, 100L << n));
      List<Duration> pauses = all.stream().map(p -> p.get(n)).toList();
      assertThat(pauses)
          .as("pause %d", n + 1)
          .allMatch(p -> p.compareTo(bound) <= 0)
          .anyMatch(p -> p.compareTo(bound.dividedBy(2)) > 0)
          .anyMatch(p -> p.compareTo(bound.dividedBy(2)) < 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", " 1 ", "1000000"})
  void isAsLongAsTheStoreAsksUpToTheLongest(String seconds) {
    assertThat(pauses(failure(503, seconds)))
        .allMatch(p -> p.compareTo(Duration.ofSeconds(1)) >= 0)
        .allMatch(p -> p.compareTo(Duration.ofSeconds(2)) <= 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "soon", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT", "9999999999"})
  void doesNotHeedWhatItCannotRead(String value) {
    assertThat(pauses(failure(503, value)).get(0)).isLessThanOrEqualTo(Duration.ofMillis(100));
  }
}
