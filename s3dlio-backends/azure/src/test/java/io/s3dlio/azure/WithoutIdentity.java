package io.s3dlio.azure;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;

/** Asks without credentials, and prints what it is told. */
final class WithoutIdentity {

  private WithoutIdentity() {}

  public static void main(String[] args) throws ObjectStoreException {
    ObjectUri uri = ObjectUri.parse(args[1]);
    StoreConfig config = StoreConfig.defaults().with(AzureKeys.ENDPOINT, args[0]);
    try (ObjectStore store = ObjectStores.open(uri, config, RequestListener.NONE)) {
      store.head(uri);
    } catch (ObjectStoreException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    }
  }
}
