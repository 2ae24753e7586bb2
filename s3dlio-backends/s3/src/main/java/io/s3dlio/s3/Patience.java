package io.s3dlio.s3;

import io.s3dlio.rest.Failures;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Waits as long as the store asks in {@code Retry-After}, which the SDK's strategies do not heed;
 * up to the longest pause of the settings. All else is the SDK's.
 */
final class Patience implements RetryStrategy {

  private final RetryStrategy strategy;
  private final Duration longest;

  Patience(RetryStrategy strategy, Duration longest) {
    this.strategy = strategy;
    this.longest = longest;
  }

  @Override
  public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
    return strategy.refreshRetryToken(
        wish(request.failure())
            .map(wish -> request.copy(b -> b.suggestedDelay(wish)))
            .orElse(request));
  }

  /** The form in seconds; the other one, a date, no store is known to use. */
  private Optional<Duration> wish(Throwable failure) {
    return Failures.cause(failure, S3Exception.class)
        .map(S3Exception::awsErrorDetails)
        .map(AwsErrorDetails::sdkHttpResponse)
        .flatMap(response -> response.firstMatchingHeader("Retry-After"))
        .map(String::strip)
        .filter(seconds -> seconds.matches("[0-9]{1,9}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
        .map(wish -> wish.compareTo(longest) < 0 ? wish : longest);
  }

  @Override
  public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
    return strategy.acquireInitialToken(request);
  }

  @Override
  public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
    return strategy.recordSuccess(request);
  }

  @Override
  public int maxAttempts() {
    return strategy.maxAttempts();
  }

  /** The client would build another strategy, one without patience. */
  @Override
  public boolean useClientDefaults() {
    return false;
  }

  @Override
  public Builder<?, ?> toBuilder() {
    throw new UnsupportedOperationException("this strategy is complete");
  }
}
