package io.s3dlio.s3;

import static software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.rest.Creations;
import io.s3dlio.rest.Failures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.SdkInternalExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpExecutionAttributes;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeParams;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeProvider;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** One endpoint and the client that speaks to it. */
final class Connection implements AutoCloseable {

  private final Endpoint endpoint;
  private final RequestListener listener;
  private final AddedHeaders headers;
  private final HttpTransport http;
  private final Regions regions;
  private final SdkAutoCloseable credentials;
  private final Map<CompletableFuture<?>, S3Call> underWay = new ConcurrentHashMap<>();
  private final Creations creations = new Creations("s3");

  /**
   * Sends nothing yet.
   *
   * @throws IllegalArgumentException if the settings cannot be used
   */
  Connection(Endpoint endpoint, S3Settings settings, RequestListener listener) {
    this.endpoint = endpoint;
    this.listener = listener;
    this.headers = new AddedHeaders(settings.config());
    AwsCredentialsProvider provider = Credentials.of(settings);
    this.credentials = provider instanceof SdkAutoCloseable c ? c : () -> {};
    this.http = HttpTransport.open(settings, endpoint);
    try {
      this.regions =
          new Regions(
              endpoint, where -> client(where, settings, provider, http.client(), http.timer()));
    } catch (RuntimeException e) {
      http.close();
      credentials.close();
      throw e;
    }
  }

  /** The SDK, over an HTTP client. */
  static S3AsyncClient client(
      Endpoint endpoint,
      S3Settings settings,
      AwsCredentialsProvider credentials,
      SdkAsyncHttpClient http,
      ScheduledExecutorService timer) {
    S3AsyncClientBuilder builder =
        S3AsyncClient.builder()
            .httpClient(http)
            .region(endpoint.region())
            .credentialsProvider(credentials)
            .forcePathStyle(endpoint.pathStyle())
            // We sum and compare ourselves; the SDK would frame the body and copy it.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(
                o -> {
                  o.apiCallTimeout(settings.requestTimeout());
                  o.retryStrategy(retries(settings.config()));
                  o.addExecutionInterceptor(new Meaning.Interceptor());
                  o.scheduledExecutorService(timer);
                  settings.profileName().ifPresent(o::defaultProfileName);
                })
            // What we do with an answer is quick and waits for nothing: no other thread for it.
            .asyncConfiguration(o -> o.advancedOption(FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    endpoint.url().ifPresent(builder::endpointOverride);
    if (settings.config().get(S3Keys.PAYLOAD_SIGNING) == S3Keys.PayloadSigning.SIGNED) {
      builder.authSchemeProvider(Connection::withSignedPayload);
    }
    if (endpoint.fips()) { // if not, AWS_USE_FIPS_ENDPOINT and the profile still say so
      builder.fipsEnabled(true);
    }
    if (endpoint.dualStack()) {
      builder.dualstackEnabled(true);
    }
    return builder.build();
  }

  /** The SDK's ways to sign; in one piece, since it would cut the body and frame the pieces. */
  private static List<AuthSchemeOption> withSignedPayload(S3AuthSchemeParams params) {
    return S3AuthSchemeProvider.defaultProvider().resolveAuthScheme(params).stream()
        .map(
            option ->
                option.toBuilder()
                    .putSignerProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, true)
                    .putSignerProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, false)
                    .build())
        .toList();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** Who looks after uploads that are being created. */
  Creations creations() {
    return creations;
  }

  RequestListener listener() {
    return listener;
  }

  /** The SDK's token bucket and conditions; full jitter between our bounds. */
  static RetryStrategy retries(StoreConfig config) {
    Duration longest = config.get(StoreConfig.RETRY_MAX_DELAY);
    BackoffStrategy pause =
        BackoffStrategy.exponentialDelay(config.get(StoreConfig.RETRY_BASE_DELAY), longest);
    StandardRetryStrategy standard =
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(config.get(StoreConfig.RETRY_MAX_ATTEMPTS))
            .backoffStrategy(pause)
            .throttlingBackoffStrategy(pause)
            .retryOnException(Connection::isPassingConflict)
            .retryOnException(Failures::isUnreadable)
            .build();
    return new Patience(standard, longest);
  }

  /** Two conditional writes at a time: S3 asks to repeat the one that it turned away. */
  private static boolean isPassingConflict(Throwable e) {
    return e instanceof S3Exception s3
        && s3.statusCode() == 409
        && "ConditionalRequestConflict".equals(s3.awsErrorDetails().errorCode());
  }

  /**
   * Sends a request.
   *
   * @param call what the listener hears
   * @param request makes it
   * @param function what the answer means; throws a {@link RuntimeException}, and has no effect, if
   *     it makes no sense: the request is then repeated
   * @return fails with an ObjectStoreException; cancelling it breaks the request off
   */
  <A extends SdkResponse, T> CompletableFuture<T> send(
      S3Call call,
      BiFunction<S3AsyncClient, AwsRequestOverrideConfiguration, CompletableFuture<A>> request,
      Function<A, T> function) {
    Meaning<A, T> meaning = new Meaning<>(function);
    return send(
        call,
        configuration(call).putExecutionAttribute(Meaning.KEY, meaning).build(),
        request,
        answer -> meaning.found());
  }

  /**
   * Sends a request whose answer goes elsewhere as it comes.
   *
   * @param call what the listener hears
   * @param request makes it
   * @return what the request returns; fails, and is cancelled, as that of the other requests
   */
  <T> CompletableFuture<T> send(
      S3Call call,
      BiFunction<S3AsyncClient, AwsRequestOverrideConfiguration, CompletableFuture<T>> request) {
    return send(call, configuration(call).build(), request, Function.identity());
  }

  private <A, T> CompletableFuture<T> send(
      S3Call call,
      AwsRequestOverrideConfiguration configuration,
      BiFunction<S3AsyncClient, AwsRequestOverrideConfiguration, CompletableFuture<A>> request,
      Function<A, T> meaning) {
    CompletableFuture<T> result = new CompletableFuture<>();
    underWay.put(result, call);
    result.whenComplete((value, error) -> underWay.remove(result));
    String bucket = Place.of(call.uri()).bucket();
    S3AsyncClient first = regions.of(bucket);
    Function<S3AsyncClient, CompletableFuture<A>> sender =
        client -> request.apply(client, configuration);
    ask(
        first,
        call,
        sender,
        result,
        (value, error) -> {
          Optional<S3AsyncClient> other =
              Failures.cause(error, S3Exception.class)
                  .flatMap(e -> regions.after(bucket, first, e));
          if (other.isPresent() && !result.isDone()) {
            ask(other.get(), call, sender, result, (v, e) -> end(call, v, e, meaning, result));
          } else {
            end(call, value, error, meaning, result);
          }
        });
    return result;
  }

  private <A, T> void ask(
      S3AsyncClient client,
      S3Call call,
      Function<S3AsyncClient, CompletableFuture<A>> request,
      CompletableFuture<T> result,
      BiConsumer<A, Throwable> then) {
    CompletableFuture<A> answer;
    try {
      answer = request.apply(client);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    CompletableFuture<A> sent = answer;
    // Of no effect where the answer is what completed the result.
    result.whenComplete((value, error) -> sent.cancel(true));
    sent.whenComplete(
        (value, error) -> {
          try {
            then.accept(value, error);
          } catch (RuntimeException | Error e) { // of the listener, say: never without an end
            result.completeExceptionally(S3Errors.of(call, e));
          }
        });
  }

  private static <A, T> void end(
      S3Call call, A value, Throwable error, Function<A, T> meaning, CompletableFuture<T> result) {
    if (error == null) {
      call.finish(Optional.empty());
      result.complete(meaning.apply(value));
    } else {
      ObjectStoreException told = S3Errors.of(call, error);
      call.finish(Optional.of(told.kind()));
      result.completeExceptionally(told);
    }
  }

  private AwsRequestOverrideConfiguration.Builder configuration(S3Call call) {
    AwsRequestOverrideConfiguration.Builder configuration =
        AwsRequestOverrideConfiguration.builder()
            .putExecutionAttribute(
                SdkInternalExecutionAttribute.SDK_HTTP_EXECUTION_ATTRIBUTES,
                SdkHttpExecutionAttributes.builder().put(S3Call.KEY, call).build());
    headers.of(call.request()).forEach(configuration::putHeader);
    return configuration;
  }

  @Override
  public void close() {
    creations.close();
    underWay.forEach(
        (request, call) ->
            request.completeExceptionally(
                new ObjectStoreException(
                    Kind.CANCELLED, call.operation(), call.uri(), "the store was closed", null)));
    try (credentials;
        http;
        regions) {
      // closes the clients first, then what it used
    }
  }
}
