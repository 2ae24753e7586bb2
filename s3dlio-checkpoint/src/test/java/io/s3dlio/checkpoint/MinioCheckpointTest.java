package io.s3dlio.checkpoint;

import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.server.S3Server;
import io.s3dlio.testkit.server.TestServers;
import java.util.UUID;

class MinioCheckpointTest extends CheckpointContract {

  @Override
  protected ObjectUri newBucket() {
    return ObjectUri.parse("s3://" + UUID.randomUUID() + "/");
  }

  @Override
  protected StoreConfig connect(StoreConfig config) {
    S3Server server = TestServers.minio();
    return config
        .with("s3.endpoint", server.endpoint().toString())
        .with("s3.access-key", server.accessKey())
        .with("s3.secret-key", server.secretKey());
  }
}
