package io.s3dlio.rest;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.StoreConfig;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.http.NettyHttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends requests and repeats what may be repeated: after throttling, time-outs and failures of the
 * server or the network, within {@code retry.max-attempts}, {@code request-timeout} and a budget
 * for all requests; after a pause of full jitter, or as long as {@code Retry-After} says.
 * Thread-safe.
 */
public final class RestClient implements AutoCloseable {

  private final NettyHttpClient http;
  private final Authorizer authorizer;
  private final Dialect dialect;
  private final ScheduledExecutorService timer;
  private final RetryBudget budget = new RetryBudget();
  private final Duration requestTimeout;
  private final int maxAttempts;
  private final Duration basePause;
  private final Duration longestPause;
  private final Map<CompletableFuture<?>, Call> underWay = new ConcurrentHashMap<>();

  /**
   * Sends nothing yet.
   *
   * @param store for the name of a thread, such as {@code az}
   * @param config time-outs and retries
   * @param http closed with this
   * @param authorizer says who asks
   * @param dialect how the store says no
   */
  public RestClient(
      String store,
      StoreConfig config,
      NettyHttpClient http,
      Authorizer authorizer,
      Dialect dialect) {
    this.http = http;
    this.authorizer = authorizer;
    this.dialect = dialect;
    this.timer = Timers.start("s3dlio-" + store + "-timer");
    this.requestTimeout = config.get(StoreConfig.REQUEST_TIMEOUT);
    this.maxAttempts = config.get(StoreConfig.RETRY_MAX_ATTEMPTS);
    this.basePause = config.get(StoreConfig.RETRY_BASE_DELAY);
    this.longestPause = config.get(StoreConfig.RETRY_MAX_DELAY);
  }

  /**
   * Sends a request.
   *
   * @param call what the listener hears
   * @param request all but who asks
   * @param reply what is made of the answer
   * @return fails with an ObjectStoreException; cancelling it breaks the request off
   * @param <T> the result
   */
  public <T> CompletableFuture<T> send(Call call, HttpRequest request, Reply<T> reply) {
    Sending<T> sending = new Sending<>(this, call, request, reply);
    underWay.put(sending.result, call);
    sending.result.whenComplete((value, error) -> underWay.remove(sending.result));
    sending.start();
    return sending.result;
  }

  NettyHttpClient http() {
    return http;
  }

  Authorizer authorizer() {
    return authorizer;
  }

  Dialect dialect() {
    return dialect;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  RetryBudget budget() {
    return budget;
  }

  Duration requestTimeout() {
    return requestTimeout;
  }

  int maxAttempts() {
    return maxAttempts;
  }

  /** How long to wait after so many attempts: up to a bound that doubles, full jitter. */
  long pauseNanos(int attempts) {
    long most = basePause.toNanos();
    for (int i = 1; i < attempts && most < longestPause.toNanos(); i++) {
      most *= 2;
    }
    most = Math.min(most, longestPause.toNanos());
    return ThreadLocalRandom.current().nextLong(most + 1);
  }

  /** What a server may make a request wait. */
  long patienceNanos(Duration wish) {
    return Math.min(wish.toNanos(), longestPause.toNanos());
  }

  /** Ends what is under way. Does not wait for threads: they are daemons and end soon after. */
  @Override
  public void close() {
    underWay.forEach(
        (request, call) ->
            request.completeExceptionally(
                new ObjectStoreException(
                    Kind.CANCELLED, call.operation(), call.uri(), "the store was closed", null)));
    timer.shutdownNow();
    http.close();
  }
}
