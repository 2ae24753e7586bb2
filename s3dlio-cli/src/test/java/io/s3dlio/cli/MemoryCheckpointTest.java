package io.s3dlio.cli;

import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.util.UUID;

class MemoryCheckpointTest extends CheckpointContract {

  @Override
  Place newPlace() throws IOException {
    return new Place(
        ObjectUri.parse("memory://ckpt-" + UUID.randomUUID() + "/"), StoreConfig.defaults());
  }
}
