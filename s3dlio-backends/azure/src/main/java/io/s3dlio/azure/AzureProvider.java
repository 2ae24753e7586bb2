package io.s3dlio.azure;

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

/** Opens {@code az://}. Found by {@link java.util.ServiceLoader}; nobody else needs it. */
public final class AzureProvider implements ObjectStoreProvider {

  /** For {@link java.util.ServiceLoader}. */
  public AzureProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("az");
  }

  @Override
  public List<ConfigKey<?>> configKeys() {
    return AzureKeys.all();
  }

  @Override
  public StoreBackend open(ObjectUri uri, StoreContext context) throws ObjectStoreException {
    return open(uri, context, System.getenv());
  }

  static AzureBackend open(ObjectUri uri, StoreContext context, Map<String, String> environment)
      throws ObjectStoreException {
    try {
      AzureSettings settings = AzureSettings.of(context.config(), environment);
      if (!uri.bucket().isEmpty()) {
        settings.account(Place.of(uri).account()); // says now, not later, that it cannot be
      }
      Trust.warn("az", context.config().get(AzureKeys.INSECURE));
      return new AzureBackend(settings, context.listener());
    } catch (IllegalArgumentException e) {
      throw new ObjectStoreException(Kind.INVALID, "open", uri, e.getMessage(), e);
    }
  }
}
