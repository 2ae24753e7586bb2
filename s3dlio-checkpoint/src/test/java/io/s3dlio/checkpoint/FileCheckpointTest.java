package io.s3dlio.checkpoint;

import io.s3dlio.ObjectUri;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

class FileCheckpointTest extends CheckpointContract {

  @TempDir Path directory;

  @Override
  protected ObjectUri newBucket() {
    return ObjectUri.parse("file://" + directory.resolve(UUID.randomUUID().toString()) + "/");
  }
}
