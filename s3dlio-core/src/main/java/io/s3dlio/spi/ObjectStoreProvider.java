package io.s3dlio.spi;

import io.s3dlio.ConfigKey;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import java.util.List;
import java.util.Set;

/** Opens the stores of some schemes. Found by {@link java.util.ServiceLoader}. */
public interface ObjectStoreProvider {

  /**
   * The schemes whose stores it opens.
   *
   * @return lower case, without {@code ://}
   */
  Set<String> schemes();

  /**
   * The settings that its stores know, each named after a scheme ({@code s3.region}).
   *
   * @return the keys, in the order of the documentation
   */
  List<ConfigKey<?>> configKeys();

  /**
   * Opens a store. Makes no request; does not wait for a network.
   *
   * @param uri any place in it: tells the endpoint, where the URI has one
   * @param context settings and listener
   * @return the store, which the caller closes
   * @throws ObjectStoreException of kind INVALID if the settings do not fit together
   */
  StoreBackend open(ObjectUri uri, StoreContext context) throws ObjectStoreException;
}
