package io.s3dlio.checkpoint;

import io.s3dlio.ObjectUri;
import java.util.UUID;

class MemoryCheckpointTest extends CheckpointContract {

  @Override
  protected ObjectUri newBucket() {
    return ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
  }
}
