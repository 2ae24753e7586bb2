package io.s3dlio.jmh;

import io.s3dlio.StoreConfig;
import java.net.URI;

/** A kind of store: how this library and the service's plain SDK are led to one. */
enum Scheme {
  /** Amazon S3. */
  S3("s3://bucket/", "AWS SDK") {
    @Override
    StoreConfig config(String endpoint) {
      return StoreConfig.defaults()
          .with("s3.endpoint", endpoint)
          .with("s3.access-key", "access")
          .with("s3.secret-key", "secret");
    }

    @Override
    Contender sdk(URI endpoint, SelfSigned certificate) throws Exception {
      return new AwsContender(endpoint, certificate.trust());
    }
  },

  /** Azure Blob Storage. */
  AZ("az://account/container/", "Azure SDK") {
    @Override
    StoreConfig config(String endpoint) {
      return StoreConfig.defaults()
          .with("az.endpoint", endpoint)
          .with("az.account-key", AzureContender.KEY);
    }

    @Override
    Contender sdk(URI endpoint, SelfSigned certificate) throws Exception {
      return new AzureContender(endpoint, certificate.trust());
    }
  },

  /** Google Cloud Storage. */
  GS("gs://bucket/", "Google SDK") {
    @Override
    StoreConfig config(String endpoint) {
      return StoreConfig.defaults().with("gs.endpoint", endpoint).with("gs.anonymous", "true");
    }

    @Override
    Contender sdk(URI endpoint, SelfSigned certificate) throws Exception {
      return new GoogleContender(endpoint, certificate);
    }
  };

  private final String base;
  private final String sdkName;

  Scheme(String base, String sdkName) {
    this.base = base;
    this.sdkName = sdkName;
  }

  /** Which of them a request is for. */
  static Scheme ofTarget(String target) {
    return target.startsWith("/account") ? AZ : target.startsWith("/bucket") ? S3 : GS;
  }

  /** Before all keys. */
  String base() {
    return base;
  }

  String sdkName() {
    return sdkName;
  }

  /** The settings of a store at an endpoint, but for the certificate. */
  abstract StoreConfig config(String endpoint);

  /** The service's own client, as it comes. */
  abstract Contender sdk(URI endpoint, SelfSigned certificate) throws Exception;
}
