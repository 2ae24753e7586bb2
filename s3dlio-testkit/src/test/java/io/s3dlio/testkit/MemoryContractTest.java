package io.s3dlio.testkit;

import io.s3dlio.ObjectUri;

/** The reference passes the contract. */
class MemoryContractTest extends ObjectStoreContract {

  @Override
  protected ObjectUri base() {
    return new ObjectUri("memory", unique(), "some/prefix/");
  }

  @Override
  public ObjectUri newBucket() {
    return new ObjectUri("memory", unique(), "");
  }
}
