package io.s3dlio.gcs;

import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.http.NettyHttpClient;
import io.s3dlio.http.Trust;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Creations;
import io.s3dlio.rest.Reply;
import io.s3dlio.rest.RestClient;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.TrustManager;

/** The endpoint, and the client that speaks to it. */
final class Connection implements AutoCloseable {

  private final URI endpoint;
  private final Optional<String> userProject;
  private final RequestListener listener;
  private final RestClient client;
  private final Creations cleaning = new Creations(GcsSettings.STORE);

  /**
   * Sends nothing yet.
   *
   * @throws IllegalArgumentException if the settings cannot be used
   */
  Connection(GcsSettings settings, RequestListener listener) {
    this.endpoint = settings.endpoint();
    this.userProject = settings.config().find(GcsKeys.USER_PROJECT);
    this.listener = listener;
    Optional<TrustManager> trust =
        Trust.of(
                GcsSettings.STORE,
                settings.config().get(GcsKeys.INSECURE),
                settings.caBundle(),
                GcsKeys.CA_BUNDLE.name())
            .map(managers -> managers[0]);
    NettyHttpClient http =
        new NettyHttpClient(
            settings.limits(),
            Runtime.getRuntime().availableProcessors(),
            settings.proxies(),
            trust.orElse(null));
    this.client =
        new RestClient(
            GcsSettings.STORE,
            settings.config(),
            http,
            Credentials.of(settings),
            new GcsDialect(settings.anonymous()));
  }

  /** The endpoint, for messages. */
  String where() {
    return endpoint.toString();
  }

  /** Who looks after objects that are being removed when the store ends. */
  Creations cleaning() {
    return cleaning;
  }

  Call call(Call.What what) {
    return new Call(what, GcsSettings.STORE, where(), listener);
  }

  Call call(String operation, String request, ObjectUri uri) {
    return call(Call.What.of(operation, request, uri));
  }

  HttpRequest.Builder request(String method, Target target) {
    HttpRequest.Builder request =
        HttpRequest.builder(method)
            .server(endpoint.getScheme(), endpoint.getHost(), endpoint.getPort())
            .target(target.toString());
    userProject.ifPresent(project -> request.header("x-goog-user-project", project));
    return request;
  }

  /** Sends a request; fails with an ObjectStoreException. */
  <T> CompletableFuture<T> send(Call call, HttpRequest.Builder request, Reply<T> reply) {
    return client.send(call, request.build(), reply);
  }

  @Override
  public void close() {
    cleaning.close();
    client.close();
  }
}
