package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A place for checkpoints in memory, a new one for each test. */
abstract class InMemory {

  final ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
  ObjectStore store;
  CheckpointStore checkpoints;

  @BeforeEach
  void openPlace() throws Exception {
    store = ObjectStores.open(bucket.toString());
    store.createBucket(bucket);
    checkpoints = CheckpointStore.over(store, bucket, CheckpointOptions.DEFAULT);
  }

  @AfterEach
  void closePlace() throws Exception {
    checkpoints.close();
    store.close();
  }
}
