package io.s3dlio.checkpoint;

import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.server.AzuriteServer;
import io.s3dlio.testkit.server.TestServers;
import java.util.UUID;

class AzuriteCheckpointTest extends CheckpointContract {

  @Override
  protected ObjectUri newBucket() {
    return ObjectUri.parse(
        "az://" + TestServers.azurite().account() + "/" + UUID.randomUUID() + "/");
  }

  @Override
  protected StoreConfig connect(StoreConfig config) {
    AzuriteServer server = TestServers.azurite();
    return config
        .with("az.endpoint", server.endpoint().toString())
        .with("az.account-key", server.key());
  }
}
