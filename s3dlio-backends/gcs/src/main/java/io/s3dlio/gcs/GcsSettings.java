package io.s3dlio.gcs;

import io.s3dlio.StoreConfig;
import io.s3dlio.http.Hosts;
import io.s3dlio.http.Limits;
import io.s3dlio.http.Proxies;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The settings and the environment, as one. */
final class GcsSettings {

  /** What the names of the settings begin with. */
  static final String STORE = "gs";

  private static final URI SERVICE = URI.create("https://storage.googleapis.com");

  /** Servers close idle connections after minutes, load balancers sooner; before that we do. */
  private static final Duration IDLE = Duration.ofSeconds(20);

  /** Emulators have one project and do not ask for its name. */
  private static final String PROJECT_OF_EMULATORS = "s3dlio";

  private final StoreConfig config;
  private final Map<String, String> environment;
  private final URI endpoint;

  private GcsSettings(StoreConfig config, Map<String, String> environment) {
    this.config = config;
    this.environment = environment;
    this.endpoint =
        config
            .find(GcsKeys.ENDPOINT)
            .map(text -> url(text, GcsKeys.ENDPOINT.name()))
            .or(() -> variable("STORAGE_EMULATOR_HOST").map(GcsSettings::emulator))
            .orElse(SERVICE);
  }

  /**
   * Reads settings.
   *
   * @throws IllegalArgumentException if they do not fit together
   */
  static GcsSettings of(StoreConfig config, Map<String, String> environment) {
    GcsSettings settings = new GcsSettings(config, environment);
    boolean file = config.find(GcsKeys.CREDENTIALS_FILE).isPresent();
    if (file && config.get(GcsKeys.ANONYMOUS)) {
      throw new IllegalArgumentException(
          "gs.anonymous=true contradicts gs.credentials-file; set one of them");
    }
    if (file && !settings.overTls()) {
      throw new IllegalArgumentException(
          "gs.credentials-file is set, and credentials are not sent to "
              + settings.endpoint
              + ", where others could read them; use https, or unset it");
    }
    return settings;
  }

  StoreConfig config() {
    return config;
  }

  /** Whom to ask: scheme, host and maybe a port. */
  URI endpoint() {
    return endpoint;
  }

  private boolean overTls() {
    return "https".equals(endpoint.getScheme());
  }

  /** Whether requests go without credentials: asked to, or to an emulator. */
  boolean anonymous() {
    return config.get(GcsKeys.ANONYMOUS) || !overTls();
  }

  Limits limits() {
    return new Limits(
        STORE,
        config.get(StoreConfig.MAX_CONCURRENCY),
        config.get(GcsKeys.CONNECT_TIMEOUT),
        config.get(GcsKeys.READ_TIMEOUT),
        IDLE);
  }

  /** By way of whom the service is reached. */
  Proxies proxies() {
    return Proxies.of(environment);
  }

  Optional<Path> caBundle() {
    return config.find(GcsKeys.CA_BUNDLE).map(Path::of);
  }

  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /**
   * The project of buckets.
   *
   * @throws IllegalArgumentException if none is known
   */
  String project() {
    return config
        .find(GcsKeys.PROJECT)
        .or(() -> variable("GOOGLE_CLOUD_PROJECT"))
        .or(() -> Credentials.projectOfFile(this))
        .or(() -> overTls() ? Optional.empty() : Optional.of(PROJECT_OF_EMULATORS))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "buckets belong to a project, and none is named; set gs.project or"
                        + " GOOGLE_CLOUD_PROJECT"));
  }

  /** Google's libraries take a host alone, and some take the path of the API behind it. */
  private static URI emulator(String text) {
    String host = text.replaceFirst("/storage/v1/?$", "");
    return url(host.contains("://") ? host : "http://" + host, "STORAGE_EMULATOR_HOST");
  }

  private static URI url(String text, String from) {
    URI url = Hosts.server(text, from, "the URL of a store, such as http://127.0.0.1:4443");
    if (!url.getRawPath().isEmpty()) {
      throw new IllegalArgumentException(
          from
              + " '"
              + text
              + "' is not the URL of a store, which has no path, such as http://127.0.0.1:4443");
    }
    return url;
  }
}
