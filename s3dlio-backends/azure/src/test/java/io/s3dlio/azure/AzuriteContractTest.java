package io.s3dlio.azure;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.KeyFate;
import io.s3dlio.testkit.ObjectStoreContract;
import io.s3dlio.testkit.StoreFacts;
import io.s3dlio.testkit.server.AzuriteServer;
import io.s3dlio.testkit.server.TestServers;

/** The contract on Azurite: each test in a container of its own. */
class AzuriteContractTest extends ObjectStoreContract {

  private static AzuriteServer server() {
    return TestServers.azurite();
  }

  @Override
  protected ObjectUri base() throws ObjectStoreException {
    ObjectUri container = newBucket();
    try (ObjectStore store =
        ObjectStores.open(container, connect(StoreConfig.defaults()), RequestListener.NONE)) {
      store.createBucket(container);
    }
    return container;
  }

  @Override
  public ObjectUri newBucket() {
    return ObjectUri.parse("az://" + server().account() + "/" + unique() + "/");
  }

  @Override
  public ObjectUri buckets() {
    return ObjectUri.parse("az://" + server().account());
  }

  @Override
  protected StoreConfig connect(StoreConfig config) {
    return config
        .with(AzureKeys.ENDPOINT, server().endpoint().toString())
        .with(AzureKeys.ACCOUNT_KEY, server().key());
  }

  @Override
  public StoreFacts facts() {
    return StoreFacts.REFERENCE
        .withUnfinished()
        .withoutImpliedBuckets()
        .withoutNonAsciiMetadata()
        .withoutAtomicPuts() // it reads a blob's head and its bytes one after the other
        .withKeys(
            KeyFate.REFUSED,
            "backslash",
            "drive",
            "tab",
            "newline",
            "carriage return",
            "control",
            "nul");
  }
}
