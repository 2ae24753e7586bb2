package io.s3dlio.s3;

import io.s3dlio.ConfigKey;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.http.Trust;
import io.s3dlio.spi.ObjectStoreProvider;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.StoreContext;
import java.util.List;
import java.util.Set;

/** Opens {@code s3://}. Found by {@link java.util.ServiceLoader}; nobody else needs it. */
public final class S3Provider implements ObjectStoreProvider {

  /** For {@link java.util.ServiceLoader}. */
  public S3Provider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("s3");
  }

  @Override
  public List<ConfigKey<?>> configKeys() {
    return S3Keys.all();
  }

  @Override
  public StoreBackend open(ObjectUri uri, StoreContext context) throws ObjectStoreException {
    return open(uri, context, System.getenv());
  }

  static StoreBackend open(
      ObjectUri uri, StoreContext context, java.util.Map<String, String> environment)
      throws ObjectStoreException {
    try {
      S3Settings settings = S3Settings.of(context.config(), environment);
      settings.endpoint(Place.of(uri).host()); // says now, not later, that a region is missing
      Trust.warn("s3", context.config().get(S3Keys.INSECURE));
      return new S3Backend(settings, context.listener());
    } catch (IllegalArgumentException e) {
      throw new ObjectStoreException(Kind.INVALID, "open", uri, e.getMessage(), e);
    }
  }
}
