package io.s3dlio.internal;

import io.s3dlio.Capabilities;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import java.util.Optional;

/** What a store does not do at all is refused here, before anything is asked of it. */
public final class Refusals {

  private Refusals() {}

  /**
   * Refuses a version of a store that keeps none.
   *
   * @param can what the store can do
   * @param operation for messages
   * @param uri for messages
   * @param version what is asked for
   * @throws ObjectStoreException of kind UNSUPPORTED
   */
  public static void version(
      Capabilities can, String operation, ObjectUri uri, Optional<String> version)
      throws ObjectStoreException {
    if (version.isPresent() && !can.versions()) {
      throw new ObjectStoreException(
          Kind.UNSUPPORTED,
          operation,
          uri,
          "this store has no versions that can be read; leave the version out",
          null);
    }
  }

  /**
   * Refuses to ask a store for tags that keeps none.
   *
   * @param can what the store can do
   * @param operation for messages
   * @param uri for messages
   * @throws ObjectStoreException of kind UNSUPPORTED
   */
  public static void tags(Capabilities can, String operation, ObjectUri uri)
      throws ObjectStoreException {
    if (!can.tags()) {
      throw new ObjectStoreException(
          Kind.UNSUPPORTED,
          operation,
          uri,
          "this store keeps no tags; leave them out, or use user metadata",
          null);
    }
  }

  /** Refuses a write with tags to a store that keeps none. */
  static void write(Capabilities can, ObjectUri uri, PutOptions options)
      throws ObjectStoreException {
    if (!options.tags().isEmpty()) {
      tags(can, "put", uri);
    }
  }
}
