package io.s3dlio.s3;

import io.s3dlio.StoreConfig;
import io.s3dlio.http.Hosts;
import io.s3dlio.http.Proxies;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;

/** The settings and the environment, as one. */
final class S3Settings {

  private final StoreConfig config;
  private final Map<String, String> environment;

  private S3Settings(StoreConfig config, Map<String, String> environment) {
    this.config = config;
    this.environment = environment;
  }

  /**
   * Reads settings.
   *
   * @throws IllegalArgumentException if they do not fit together
   */
  static S3Settings of(StoreConfig config, Map<String, String> environment) {
    S3Settings settings = new S3Settings(config, environment);
    boolean access = config.find(S3Keys.ACCESS_KEY).isPresent();
    boolean secret = config.find(S3Keys.SECRET_KEY).isPresent();
    if (access != secret) {
      throw new IllegalArgumentException(
          (access ? S3Keys.ACCESS_KEY : S3Keys.SECRET_KEY).name()
              + " is set without "
              + (access ? S3Keys.SECRET_KEY : S3Keys.ACCESS_KEY).name());
    }
    if (config.find(S3Keys.SESSION_TOKEN).isPresent() && !access) {
      throw new IllegalArgumentException("s3.session-token is set without s3.access-key");
    }
    if (config.get(S3Keys.ANONYMOUS) && (access || config.find(S3Keys.PROFILE).isPresent())) {
      throw new IllegalArgumentException(
          "s3.anonymous=true contradicts s3.access-key and s3.profile; set one of them");
    }
    checkEncryption(config);
    return settings;
  }

  private static void checkEncryption(StoreConfig config) {
    S3Keys.Encryption encryption = config.get(S3Keys.ENCRYPTION);
    if (config.find(S3Keys.KMS_KEY).isPresent() && encryption != S3Keys.Encryption.SSE_KMS) {
      throw new IllegalArgumentException("s3.kms-key is set without s3.encryption=sse-kms");
    }
    boolean withKey = config.find(S3Keys.CUSTOMER_KEY).isPresent();
    if (withKey != (encryption == S3Keys.Encryption.SSE_C)) {
      throw new IllegalArgumentException(
          withKey
              ? "s3.customer-key is set without s3.encryption=sse-c"
              : "s3.encryption=sse-c needs s3.customer-key, 32 bytes in Base64");
    }
    config.find(S3Keys.CUSTOMER_KEY).ifPresent(CustomerKey::of);
  }

  StoreConfig config() {
    return config;
  }

  S3Keys.Checksum checksum() {
    return config.get(S3Keys.CHECKSUM);
  }

  int maxConcurrency() {
    return config.get(StoreConfig.MAX_CONCURRENCY);
  }

  Duration requestTimeout() {
    return config.get(StoreConfig.REQUEST_TIMEOUT);
  }

  Optional<Path> caBundle() {
    Optional<String> set = config.find(S3Keys.CA_BUNDLE);
    return config.get(S3Keys.INSECURE) // what the environment says for all programs is not meant
        ? set.map(Path::of)
        : set.or(() -> variable("AWS_CA_BUNDLE")).map(Path::of);
  }

  /** By way of whom servers are reached. */
  Proxies proxies() {
    return Proxies.of(environment);
  }

  /** The profile that settings or environment name. */
  Optional<String> profileName() {
    return config
        .find(S3Keys.PROFILE)
        .or(() -> property("aws.profile"))
        .or(() -> variable("AWS_PROFILE"));
  }

  /**
   * Whom to ask.
   *
   * @param host {@code host:port} of a URI, or empty for the endpoint of the settings
   * @throws IllegalArgumentException if that cannot be told
   */
  Endpoint endpoint(String host) {
    Optional<URI> configured = configuredEndpoint();
    Optional<URI> url = host.isEmpty() ? configured : Optional.of(endpointAt(host, configured));
    S3Keys.PathStyle style = config.get(S3Keys.PATH_STYLE);
    if (config.find(S3Keys.CUSTOMER_KEY).isPresent()
        && url.filter(u -> u.getScheme().equals("http") && !Hosts.isLoopback(u.getHost()))
            .isPresent()) {
      throw new IllegalArgumentException(
          "s3.customer-key is not sent over http, where others can read it; use an https endpoint");
    }
    boolean pathStyle =
        style == S3Keys.PathStyle.TRUE || (style == S3Keys.PathStyle.AUTO && url.isPresent());
    return new Endpoint(
        url,
        region(url.isPresent()),
        pathStyle,
        config.get(S3Keys.FIPS),
        config.get(S3Keys.DUAL_STACK));
  }

  private URI endpointAt(String host, Optional<URI> configured) {
    if (configured.isPresent() && host.equalsIgnoreCase(configured.get().getRawAuthority())) {
      return configured.get();
    }
    String name = host.substring(0, host.lastIndexOf(':'));
    return url((Hosts.isLoopback(name) ? "http://" : "https://") + host, "the host of the URI");
  }

  private Optional<URI> configuredEndpoint() {
    Optional<String> ours = config.find(S3Keys.ENDPOINT);
    if (ours.isPresent()) {
      return Optional.of(url(ours.get(), S3Keys.ENDPOINT.name()));
    }
    boolean ignored =
        property("aws.ignoreConfiguredEndpointUrls")
            .or(() -> variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))
            .map(Boolean::parseBoolean)
            .orElse(false);
    if (ignored) {
      return Optional.empty();
    }
    return firstOf(
            List.of(
                () -> property("aws.endpointUrlS3"),
                () -> variable("AWS_ENDPOINT_URL_S3"),
                () -> property("aws.endpointUrl"),
                () -> variable("AWS_ENDPOINT_URL"),
                () -> profileProperty("endpoint_url")))
        .map(text -> url(text, "AWS_ENDPOINT_URL or endpoint_url"));
  }

  private Region region(boolean endpointSet) {
    return firstOf(
            List.of(
                () -> config.find(S3Keys.REGION),
                () -> property("aws.region"),
                () -> variable("AWS_REGION"),
                () -> variable("AWS_DEFAULT_REGION"),
                () -> profileProperty("region"),
                () -> endpointSet ? Optional.of("us-east-1") : Optional.empty()))
        .map(Region::of)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no region is set; set s3.region (--region), AWS_REGION or the profile's"
                        + " region, or s3.endpoint (--endpoint-url) for a store that is not AWS"));
  }

  private static Optional<String> firstOf(List<Supplier<Optional<String>>> places) {
    return places.stream().flatMap(place -> place.get().stream()).findFirst();
  }

  private static URI url(String text, String from) {
    return Hosts.server(text, from, "the URL of a store, such as http://127.0.0.1:9000");
  }

  private Optional<String> profileProperty(String name) {
    return ProfileFile.defaultProfileFile()
        .profile(profileName().orElse("default"))
        .flatMap((Profile profile) -> profile.property(name));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static Optional<String> property(String name) {
    return Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isBlank());
  }
}
