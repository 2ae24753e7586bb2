package io.s3dlio.cli;

import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class MinioCheckpointTest extends CheckpointContract {

  private MinioAccess minio;

  @Override
  Place newPlace() throws IOException {
    minio = MinioAccess.toNewBucket();
    return new Place(ObjectUri.parse(minio.bucketUri()), minio.config());
  }

  @Override
  List<String> options() {
    return minio.options();
  }

  @Override
  @AfterEach
  void close() throws IOException {
    super.close();
    minio.close();
  }
}
