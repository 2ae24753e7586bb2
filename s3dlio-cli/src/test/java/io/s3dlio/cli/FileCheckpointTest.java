package io.s3dlio.cli;

import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.io.IOException;

class FileCheckpointTest extends CheckpointContract {

  @Override
  Place newPlace() throws IOException {
    return new Place(
        ObjectUri.parse("file://" + temporary.toRealPath() + "/store/"), StoreConfig.defaults());
  }
}
