package io.s3dlio;

import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.internal.RequestLog;
import io.s3dlio.internal.memory.MemoryProvider;
import io.s3dlio.layer.Layer;
import io.s3dlio.spi.ObjectStoreProvider;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.StoreContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;

/**
 * Opens stores. The backends are found on the class path or module path by {@link ServiceLoader}:
 * adding an artifact adds its schemes.
 */
public final class ObjectStores {

  /** Which artifact has a scheme that is not there. */
  private static final Map<String, String> ARTIFACTS =
      Map.of(
          "file", "io.s3dlio:s3dlio-backend-file",
          "s3", "io.s3dlio:s3dlio-backend-s3",
          "az", "io.s3dlio:s3dlio-backend-azure",
          "gs", "io.s3dlio:s3dlio-backend-gcs",
          "gcs", "io.s3dlio:s3dlio-backend-gcs");

  private ObjectStores() {}

  /**
   * Opens the store of a URI, with the settings that the environment's {@code S3DLIO_…} variables
   * hold.
   *
   * @param uri any place in it, such as {@code s3://bucket/key}; only the endpoint in it matters
   * @return the store, which the caller closes
   * @throws ObjectStoreException of kind INVALID if the URI or the settings are wrong; UNSUPPORTED
   *     if no backend for the scheme is there
   */
  public static ObjectStore open(String uri) throws ObjectStoreException {
    return open(uri, configFromEnvironment());
  }

  /**
   * Opens the store of a URI as {@link #open(String)}, with layers between it and its backend:
   * metrics, limits and the like.
   *
   * @param uri any place in it
   * @param layers the first sees a request first
   * @return the store, which the caller closes
   * @throws ObjectStoreException as {@link #open(String)}
   */
  public static ObjectStore open(String uri, List<? extends Layer> layers)
      throws ObjectStoreException {
    return open(parse(uri), configFromEnvironment(), RequestListener.NONE, layers);
  }

  /**
   * Opens the store of a URI.
   *
   * @param uri any place in it
   * @param config settings; the environment is not looked at
   * @return the store, which the caller closes
   * @throws ObjectStoreException as {@link #open(String)}
   */
  public static ObjectStore open(String uri, StoreConfig config) throws ObjectStoreException {
    return open(parse(uri), config, RequestListener.NONE);
  }

  /**
   * Opens the store of a URI.
   *
   * @param uri any place in it
   * @param config settings
   * @param listener hears of every request
   * @return the store, which the caller closes
   * @throws ObjectStoreException as {@link #open(String)}
   */
  public static ObjectStore open(ObjectUri uri, StoreConfig config, RequestListener listener)
      throws ObjectStoreException {
    return open(uri, config, listener, List.of());
  }

  /**
   * Opens the store of a URI with layers between it and its backend: metrics, limits and the like.
   *
   * @param uri any place in it
   * @param config settings
   * @param listener hears of every request
   * @param layers the first sees a request first
   * @return the store, which the caller closes
   * @throws ObjectStoreException as {@link #open(String)}
   */
  public static ObjectStore open(
      ObjectUri uri, StoreConfig config, RequestListener listener, List<? extends Layer> layers)
      throws ObjectStoreException {
    ObjectStoreProvider provider = provider(uri);
    BufferPool pool = pool(uri, config);
    StoreBackend backend = layered(backend(uri, config, listener), layers);
    return ObjectStore.over(backend, provider.schemes(), config, pool);
  }

  private static StoreBackend layered(StoreBackend backend, List<? extends Layer> layers)
      throws ObjectStoreException {
    StoreBackend outermost = backend;
    try {
      for (int i = layers.size() - 1; i >= 0; i--) {
        outermost = layers.get(i).over(outermost);
      }
    } catch (RuntimeException e) {
      outermost.close();
      throw e;
    }
    return outermost;
  }

  /**
   * Opens the backend of a URI, for those who decorate it before they make a store of it with
   * {@link ObjectStore#over}.
   *
   * @param uri any place in it
   * @param config settings
   * @param listener hears of every request
   * @return the backend, which the caller closes
   * @throws ObjectStoreException as {@link #open(String)}
   */
  public static StoreBackend backend(ObjectUri uri, StoreConfig config, RequestListener listener)
      throws ObjectStoreException {
    ObjectStoreProvider provider = provider(uri);
    try {
      config.check(knownKeys());
    } catch (IllegalArgumentException e) {
      throw invalid(uri, e);
    }
    return provider.open(uri, new StoreContext(config, new RequestLog(uri.scheme(), listener)));
  }

  /**
   * All settings there are: the engine's, then those of the backends that are there.
   *
   * @return the keys
   */
  public static Collection<ConfigKey<?>> knownKeys() {
    List<ConfigKey<?>> keys = new ArrayList<>(StoreConfig.engineKeys());
    providers().forEach(p -> keys.addAll(p.configKeys()));
    return keys;
  }

  /**
   * The settings that the environment's {@code S3DLIO_…} variables hold.
   *
   * @return the settings
   * @throws ObjectStoreException of kind INVALID if there is a variable that nobody knows
   */
  public static StoreConfig configFromEnvironment() throws ObjectStoreException {
    try {
      return StoreConfig.defaults().withEnvironment(System.getenv(), knownKeys());
    } catch (IllegalArgumentException e) {
      throw invalid(null, e);
    }
  }

  /**
   * The schemes that can be opened.
   *
   * @return such as {@code file}, {@code memory}, {@code s3}; sorted
   */
  public static Collection<String> schemes() {
    TreeSet<String> schemes = new TreeSet<>();
    providers().forEach(p -> schemes.addAll(p.schemes()));
    return schemes;
  }

  private static BufferPool pool(ObjectUri uri, StoreConfig config) throws ObjectStoreException {
    try {
      return config
          .find(StoreConfig.MEMORY_LIMIT)
          .map(BufferPool::ofLimit)
          .orElseGet(BufferPool::shared);
    } catch (IllegalArgumentException e) {
      throw invalid(uri, e);
    }
  }

  private static ObjectUri parse(String uri) throws ObjectStoreException {
    try {
      return ObjectUri.parse(uri);
    } catch (IllegalArgumentException e) {
      throw invalid(null, e);
    }
  }

  private static ObjectStoreException invalid(ObjectUri uri, IllegalArgumentException e) {
    return new ObjectStoreException(Kind.INVALID, "open", uri, e.getMessage(), e);
  }

  private static ObjectStoreProvider provider(ObjectUri uri) throws ObjectStoreException {
    for (ObjectStoreProvider provider : providers()) {
      if (provider.schemes().contains(uri.scheme())) {
        return provider;
      }
    }
    String artifact = ARTIFACTS.get(uri.scheme());
    throw new ObjectStoreException(
        Kind.UNSUPPORTED,
        "open",
        uri,
        artifact == null
            ? "unknown scheme '" + uri.scheme() + "'; there are " + schemes()
            : "no backend for " + uri.scheme() + ":// is there; add the artifact " + artifact,
        null);
  }

  private static List<ObjectStoreProvider> providers() {
    return Providers.ALL;
  }

  private static final class Providers {
    static final List<ObjectStoreProvider> ALL = load();

    private static List<ObjectStoreProvider> load() {
      List<ObjectStoreProvider> all = new ArrayList<>();
      all.add(new MemoryProvider());
      ServiceLoader.load(ObjectStoreProvider.class, ObjectStores.class.getClassLoader())
          .forEach(all::add);
      return List.copyOf(all);
    }
  }
}
