package io.s3dlio.internal.memory;

import io.s3dlio.ConfigKey;
import io.s3dlio.ObjectUri;
import io.s3dlio.spi.ObjectStoreProvider;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.StoreContext;
import java.util.List;
import java.util.Set;

/** {@code memory://name/key}: named stores, shared by all of the process. */
public final class MemoryProvider implements ObjectStoreProvider {

  @Override
  public Set<String> schemes() {
    return Set.of("memory");
  }

  @Override
  public List<ConfigKey<?>> configKeys() {
    return List.of();
  }

  @Override
  public StoreBackend open(ObjectUri uri, StoreContext context) {
    return new MemoryBackend(context.listener());
  }
}
