package io.s3dlio.gcs;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.KeyFate;
import io.s3dlio.testkit.ObjectStoreContract;
import io.s3dlio.testkit.StoreFacts;
import io.s3dlio.testkit.server.TestServers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;

/** The contract on fake-gcs-server: each test in a bucket of its own. */
class FakeGcsContractTest extends ObjectStoreContract {

  private static ObjectStore fixture;

  @Override
  protected ObjectUri base() throws ObjectStoreException {
    ObjectUri bucket = newBucket();
    if (fixture == null) {
      fixture = ObjectStores.open(bucket.toString(), connect(StoreConfig.defaults()));
    }
    fixture.createBucket(bucket);
    return bucket;
  }

  @Override
  public ObjectUri newBucket() {
    return ObjectUri.parse("gs://" + unique() + "/");
  }

  @Override
  protected StoreConfig connect(StoreConfig config) {
    return config.with(GcsKeys.ENDPOINT, TestServers.fakeGcs().endpoint().toString());
  }

  @Override
  public StoreFacts facts() {
    return StoreFacts.REFERENCE
        .withUnfinished()
        .withoutImpliedBuckets()
        .withoutNonAsciiMetadata()
        .withoutAtomicUploads()
        .withKeys(KeyFate.REFUSED, "newline", "carriage return");
  }

  @Override
  protected List<String> leftovers(ObjectUri prefix) {
    ObjectUri parts = prefix.withKey(PartNames.PARTS);
    try (Stream<ObjectMeta> left = fixture.list(parts)) {
      return left.map(object -> object.uri().toString()).toList();
    }
  }

  @AfterAll
  static void closeFixture() throws ObjectStoreException {
    fixture.close();
    fixture = null;
  }
}
