package io.s3dlio.checkpoint;

import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.server.TestServers;
import java.util.UUID;

class FakeGcsCheckpointTest extends CheckpointContract {

  @Override
  protected ObjectUri newBucket() {
    return ObjectUri.parse("gs://" + UUID.randomUUID() + "/");
  }

  @Override
  protected StoreConfig connect(StoreConfig config) {
    return config.with("gs.endpoint", TestServers.fakeGcs().endpoint().toString());
  }
}
