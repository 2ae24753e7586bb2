package io.s3dlio.checkpoint;

import io.s3dlio.ObjectUri;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

class DirectCheckpointTest extends CheckpointContract {

  @TempDir Path directory;

  @Override
  protected ObjectUri newBucket() {
    return ObjectUri.parse("direct://" + directory.resolve(UUID.randomUUID().toString()) + "/");
  }
}
