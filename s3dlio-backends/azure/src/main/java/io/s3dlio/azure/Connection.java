package io.s3dlio.azure;

import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.http.Limits;
import io.s3dlio.http.NettyHttpClient;
import io.s3dlio.http.Trust;
import io.s3dlio.rest.Authorizer;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Reply;
import io.s3dlio.rest.RestClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.TrustManager;

/** One account and the client that speaks to it. */
final class Connection implements AutoCloseable {

  /** Old enough for private clouds and emulators, new enough for all that is asked of it. */
  private static final String API_VERSION = "2021-12-02";

  /** Shorter than servers keep a connection that nobody uses. */
  private static final Duration IDLE = Duration.ofSeconds(20);

  private final Account account;
  private final RequestListener listener;
  private final Authorizer authorizer;
  private final RestClient client;

  /**
   * Sends nothing yet.
   *
   * @throws IllegalArgumentException if the settings cannot be used
   */
  Connection(Account account, AzureSettings settings, RequestListener listener) {
    this.account = account;
    this.listener = listener;
    this.authorizer = settings.authorizer(account);
    StoreConfig config = settings.config();
    Limits limits =
        new Limits(
            "az",
            config.get(StoreConfig.MAX_CONCURRENCY),
            config.get(AzureKeys.CONNECT_TIMEOUT),
            config.get(AzureKeys.READ_TIMEOUT),
            IDLE);
    TrustManager trust =
        Trust.of("az", config.get(AzureKeys.INSECURE), settings.caBundle(), "az.ca-bundle")
            .map(managers -> managers[0])
            .orElse(null);
    NettyHttpClient http =
        new NettyHttpClient(
            limits, Runtime.getRuntime().availableProcessors(), settings.proxies(), trust);
    this.client = new RestClient("az", config, http, authorizer, AzureErrors.TABLE);
  }

  Account account() {
    return account;
  }

  Authorizer authorizer() {
    return authorizer;
  }

  Call call(String operation, String request, ObjectUri uri) {
    return call(Call.What.of(operation, request, uri));
  }

  Call call(Call.What what) {
    return new Call(what, "az", account.describe(), listener);
  }

  /** Begins a request; {@code target} is path below the account and query. */
  HttpRequest.Builder request(String method, String target) {
    return account.request(method, target).header("x-ms-version", API_VERSION);
  }

  <T> CompletableFuture<T> send(Call call, HttpRequest.Builder request, Reply<T> reply) {
    return client.send(call, request.build(), reply);
  }

  @Override
  public void close() {
    client.close();
  }
}
