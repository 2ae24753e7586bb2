package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;

/**
 * The checkpoint was given up while it was read, by retention or by a rollback: load the newest
 * anew. Of kind NOT_FOUND.
 */
public final class CheckpointGoneException extends ObjectStoreException {

  private static final long serialVersionUID = 1L;

  CheckpointGoneException(ObjectUri uri, long step, Throwable cause) {
    super(
        Kind.NOT_FOUND,
        "checkpoint",
        uri,
        "the checkpoint of step " + step + " was retired or rolled back; load the newest",
        cause);
  }
}
