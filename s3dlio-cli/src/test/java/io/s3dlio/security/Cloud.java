package io.s3dlio.security;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Everything that speaks HTTP, each with credentials where it sends some. */
enum Cloud {
  S3("s3", "s3://bucket/"),
  /** Over the SDK's own client. */
  S3_SDK("s3", "s3://bucket/"),
  AZURE("az", "az://account/container/"),
  GCS("gs", "gs://bucket/");

  /** In Base64, as Azure wants its keys. */
  static final String SECRET = "Y2FuYXJ5LWNhbmFyeS1jYW5hcnk=";

  private final String scheme;
  private final String uri;

  Cloud(String scheme, String uri) {
    this.scheme = scheme;
    this.uri = uri;
  }

  ObjectUri uri(String key) {
    return ObjectUri.parse(uri).withKey(key);
  }

  /** The name of a setting of this store. */
  String setting(String name) {
    return scheme + "." + name;
  }

  /** One try a request, none long. */
  StoreConfig config(String endpoint) {
    StoreConfig config =
        StoreConfig.defaults()
            .with(setting("endpoint"), endpoint)
            .with(StoreConfig.RETRY_MAX_ATTEMPTS, "1")
            .with(StoreConfig.REQUEST_TIMEOUT, "20s");
    return switch (this) {
      case S3, S3_SDK ->
          config
              .with("s3.transport", this == S3 ? "netty" : "sdk")
              .with("s3.access-key", "AKIA")
              .with("s3.secret-key", SECRET)
              .with("s3.session-token", SECRET);
      case AZURE -> config.with("az.account-key", SECRET);
      case GCS -> config.with("gs.anonymous", "true");
    };
  }

  /** The same, and on GCS with the key of a service account, for which there has to be TLS. */
  StoreConfig config(String endpoint, Optional<Path> serviceAccount) {
    return this == GCS && serviceAccount.isPresent()
        ? config(endpoint)
            .with("gs.anonymous", "false")
            .with("gs.credentials-file", serviceAccount.get().toString())
        : config(endpoint);
  }

  ObjectStore open(StoreConfig config) throws IOException {
    return ObjectStores.open(uri(""), config, event -> {});
  }
}
