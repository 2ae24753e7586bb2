package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;

/**
 * What lies in the store is not what was committed: bytes changed, are missing or are not ours.
 * Nothing older is given in its place. Of kind CHECKSUM_MISMATCH.
 */
public final class CorruptCheckpointException extends ObjectStoreException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param uri the object that is wrong
   * @param detail what is wrong with it
   * @param cause what led to it, or null
   */
  public CorruptCheckpointException(ObjectUri uri, String detail, Throwable cause) {
    super(
        Kind.CHECKSUM_MISMATCH,
        "checkpoint",
        uri,
        detail + "; load an earlier step by its number, or put the object back from a copy",
        cause);
  }
}
