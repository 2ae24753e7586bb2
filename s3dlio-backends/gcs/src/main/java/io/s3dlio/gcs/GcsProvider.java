package io.s3dlio.gcs;

import io.s3dlio.ConfigKey;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.http.Trust;
import io.s3dlio.spi.ObjectStoreProvider;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.StoreContext;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Opens {@code gs://} and {@code gcs://}. Found by {@link java.util.ServiceLoader}; nobody else
 * needs it.
 */
public final class GcsProvider implements ObjectStoreProvider {

  /** For {@link java.util.ServiceLoader}. */
  public GcsProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("gs", "gcs");
  }

  @Override
  public List<ConfigKey<?>> configKeys() {
    return GcsKeys.all();
  }

  @Override
  public StoreBackend open(ObjectUri uri, StoreContext context) throws ObjectStoreException {
    return open(uri, context, System.getenv());
  }

  static StoreBackend open(ObjectUri uri, StoreContext context, Map<String, String> environment)
      throws ObjectStoreException {
    try {
      GcsBackend backend =
          new GcsBackend(GcsSettings.of(context.config(), environment), context.listener());
      Trust.warn(GcsSettings.STORE, context.config().get(GcsKeys.INSECURE));
      return backend;
    } catch (IllegalArgumentException e) {
      throw new ObjectStoreException(Kind.INVALID, "open", uri, e.getMessage(), e);
    }
  }
}
