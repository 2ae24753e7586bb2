package io.s3dlio.azure;

import io.s3dlio.StoreConfig;
import io.s3dlio.http.Proxies;
import io.s3dlio.rest.Authorizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings and the environment, as one. */
final class AzureSettings {

  private final StoreConfig config;
  private final Map<String, String> environment;
  private final Optional<ConnectionString> connectionString;

  private AzureSettings(StoreConfig config, Map<String, String> environment) {
    this.config = config;
    this.environment = environment;
    boolean own =
        config.find(AzureKeys.ACCOUNT_KEY).isPresent()
            || config.find(AzureKeys.SAS_TOKEN).isPresent()
            || config.get(AzureKeys.ANONYMOUS);
    this.connectionString =
        config
            .find(AzureKeys.CONNECTION_STRING)
            .or(() -> own ? Optional.<String>empty() : variable("AZURE_STORAGE_CONNECTION_STRING"))
            .map(ConnectionString::new);
  }

  /**
   * Reads settings.
   *
   * @throws IllegalArgumentException if they do not fit together
   */
  static AzureSettings of(StoreConfig config, Map<String, String> environment) {
    List<String> ways =
        Stream.of(AzureKeys.ACCOUNT_KEY, AzureKeys.SAS_TOKEN, AzureKeys.CONNECTION_STRING)
            .filter(key -> config.find(key).isPresent())
            .map(key -> key.name())
            .toList();
    if (ways.size() > 1 || (!ways.isEmpty() && config.get(AzureKeys.ANONYMOUS))) {
      throw new IllegalArgumentException(
          String.join(" and ", ways)
              + (config.get(AzureKeys.ANONYMOUS) ? " and az.anonymous" : "")
              + " say in different ways who asks; set one of them");
    }
    return new AzureSettings(config, environment);
  }

  StoreConfig config() {
    return config;
  }

  boolean checksums() {
    return config.get(AzureKeys.CHECKSUM) == AzureKeys.Checksum.CRC32C;
  }

  Optional<Path> caBundle() {
    return config.find(AzureKeys.CA_BUNDLE).map(Path::of);
  }

  Proxies proxies() {
    return Proxies.of(environment);
  }

  /**
   * Where an account's blobs are.
   *
   * @throws IllegalArgumentException if that cannot be told
   */
  Account account(String name) {
    connectionString
        .flatMap(ConnectionString::account)
        .filter(other -> !other.equals(name))
        .ifPresent(
            other -> {
              throw new IllegalArgumentException(
                  "the connection string is for the account " + other + ", not for " + name);
            });
    Optional<String> ours = config.find(AzureKeys.ENDPOINT);
    if (ours.isPresent()) {
      return Account.at(name, ours.get(), "az.endpoint");
    }
    Optional<String> theirs = connectionString.flatMap(c -> c.endpoint(name));
    if (theirs.isPresent()) {
      return Account.at(name, theirs.get(), "the connection string's BlobEndpoint");
    }
    return variable("AZURE_STORAGE_ENDPOINT")
        .map(url -> Account.at(name, url, "AZURE_STORAGE_ENDPOINT"))
        .orElseGet(
            () -> Account.at(name, "https://" + name + ".blob.core.windows.net", "the account"));
  }

  /**
   * Who asks.
   *
   * @throws IllegalArgumentException if a secret is not of the right form
   */
  Authorizer authorizer(Account account) {
    if (config.get(AzureKeys.ANONYMOUS)) {
      return Authorizer.ANONYMOUS;
    }
    Optional<String> key =
        config
            .find(AzureKeys.ACCOUNT_KEY)
            .or(() -> connectionString.flatMap(ConnectionString::key))
            .or(() -> unlessSet(AzureKeys.SAS_TOKEN, ofAccount(account, "AZURE_STORAGE_KEY")));
    if (key.isPresent()) {
      return new SharedKey(account.name(), key.get());
    }
    Optional<String> sas =
        config
            .find(AzureKeys.SAS_TOKEN)
            .or(() -> connectionString.flatMap(ConnectionString::sas))
            .or(() -> ofAccount(account, "AZURE_STORAGE_SAS_TOKEN"));
    return sas.<Authorizer>map(SasToken::new).orElseGet(IdentityTokens::authorizer);
  }

  private Optional<String> unlessSet(io.s3dlio.ConfigKey<String> key, Optional<String> value) {
    return config.find(key).isPresent() || connectionString.isPresent() ? Optional.empty() : value;
  }

  /** A variable that is of the account which AZURE_STORAGE_ACCOUNT names, if it names one. */
  private Optional<String> ofAccount(Account account, String name) {
    return variable("AZURE_STORAGE_ACCOUNT")
            .filter(other -> !other.equals(account.name()))
            .isEmpty()
        ? variable(name)
        : Optional.empty();
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }
}
