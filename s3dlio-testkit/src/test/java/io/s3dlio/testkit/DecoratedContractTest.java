package io.s3dlio.testkit;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.spi.ForwardingBackend;
import java.util.Set;

/** A decorator that changes nothing changes nothing. */
class DecoratedContractTest extends MemoryContractTest {

  @Override
  protected ObjectStore open(StoreConfig config, RequestListener listener)
      throws ObjectStoreException {
    return ObjectStore.over(
        new ForwardingBackend(ObjectStores.backend(here(), config, listener)) {},
        Set.of("memory"),
        config,
        BufferPool.ofLimit(config.get(StoreConfig.MEMORY_LIMIT)));
  }
}
