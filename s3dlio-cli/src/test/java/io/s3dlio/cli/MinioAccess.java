package io.s3dlio.cli;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.server.S3Server;
import io.s3dlio.testkit.server.TestServers;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A new bucket on MinIO. While it is there, its credentials are those of this JVM: the command line
 * takes none.
 */
final class MinioAccess implements AutoCloseable {

  private final S3Server server;
  private final String bucket = "cli-" + UUID.randomUUID();

  private MinioAccess(S3Server server) {
    this.server = server;
  }

  static MinioAccess toNewBucket() throws IOException {
    MinioAccess access = new MinioAccess(TestServers.minio());
    System.setProperty("aws.accessKeyId", access.server.accessKey());
    System.setProperty("aws.secretAccessKey", access.server.secretKey());
    try (ObjectStore store = access.open()) {
      store.createBucket(ObjectUri.parse(access.bucketUri()));
    }
    return access;
  }

  String bucketUri() {
    return "s3://" + bucket + "/";
  }

  String endpoint() {
    return server.endpoint().toString();
  }

  /** What the command needs to reach it. */
  List<String> options() {
    return List.of("--endpoint-url", endpoint(), "--region", server.region());
  }

  /** What a process of its own needs to reach it. */
  Map<String, String> environment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID", server.accessKey(),
        "AWS_SECRET_ACCESS_KEY", server.secretKey(),
        "AWS_ENDPOINT_URL", endpoint(),
        "AWS_REGION", server.region());
  }

  StoreConfig config() {
    return StoreConfig.defaults()
        .with("s3.endpoint", endpoint())
        .with("s3.region", server.region())
        .with("s3.access-key", server.accessKey())
        .with("s3.secret-key", server.secretKey());
  }

  private ObjectStore open() throws IOException {
    return ObjectStores.open(bucketUri(), config());
  }

  @Override
  public void close() throws IOException {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    try (ObjectStore store = open()) {
      store.deletePrefix(ObjectUri.parse(bucketUri()));
      store.deleteBucket(ObjectUri.parse(bucketUri()));
    }
  }
}
