package io.s3dlio.checkpoint;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectAlreadyExistsException;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import java.nio.ByteBuffer;

/**
 * Whether a store creates an object only where there is none. The whole protocol rests on it, and
 * some stores take the request and overwrite: so it is tried, once, before the first change.
 * Thread-safe.
 */
final class Exclusive {

  private final ObjectStore store;
  private final Places places;
  private final boolean singleWriter;
  private boolean checked;

  /**
   * Of a store.
   *
   * @param singleWriter the user says that nobody else ever writes, so that it need not
   */
  Exclusive(ObjectStore store, Places places, boolean singleWriter) {
    this.store = store;
    this.places = places;
    this.singleWriter = singleWriter;
  }

  /** How records are written. */
  PutMode mode() {
    return store.capabilities().createIfAbsent() ? PutMode.CREATE : PutMode.OVERWRITE;
  }

  /**
   * Tries it, unless that was done or need not be.
   *
   * @throws ObjectStoreException of kind UNSUPPORTED if the store does not
   */
  synchronized void check() throws ObjectStoreException {
    if (checked || singleWriter) {
      return;
    }
    if (!store.capabilities().createIfAbsent() || overwrites()) {
      throw new ObjectStoreException(
          Kind.UNSUPPORTED,
          "checkpoint",
          places.base(),
          "this store does not create an object only if there is none, so two writers could"
              + " destroy each other's checkpoints; if no two processes ever save or clean up here"
              + " at the same time, say singleWriter",
          null);
    }
    checked = true;
  }

  /** The object stays for whoever tries next: nobody need clean up after one who dies here. */
  private boolean overwrites() throws ObjectStoreException {
    boolean first = creates(places.probe());
    return first && creates(places.probe());
  }

  /** Whether it was there already says a store even if its answer to an earlier try was lost. */
  private boolean creates(ObjectUri probe) throws ObjectStoreException {
    try {
      store.put(
          probe,
          ByteSources.of(ByteBuffer.wrap(new byte[] {1})),
          PutOptions.DEFAULT.withMode(PutMode.CREATE));
      return true;
    } catch (ObjectAlreadyExistsException e) {
      return false;
    }
  }
}
