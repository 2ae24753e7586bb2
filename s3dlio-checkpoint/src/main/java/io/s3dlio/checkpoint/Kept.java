package io.s3dlio.checkpoint;

import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;

/**
 * What a checkpoint consists of. If something of it is not there, it was given up, or it is
 * corrupt; the log tells which.
 *
 * @param site where it is
 * @param commit of the checkpoint
 */
record Kept(Site site, Change.Commit commit) {

  /** Reads bytes of the checkpoint. */
  interface Read<T> {
    T read() throws ObjectStoreException;
  }

  /** A small object whose SHA-256 is known. */
  byte[] read(ObjectUri uri, int limit, String sha256) throws ObjectStoreException {
    byte[] bytes = from(uri, () -> SmallObject.read(site.store(), uri, limit));
    String actual = Sha256.of(bytes);
    if (!actual.equals(sha256)) {
      throw new CorruptCheckpointException(
          uri,
          "of step %d: its SHA-256 is %s and must be %s".formatted(commit.step(), actual, sha256),
          null);
    }
    return bytes;
  }

  /** Reads something that must be there. */
  <T> T from(ObjectUri uri, Read<T> read) throws ObjectStoreException {
    try {
      return read.read();
    } catch (ObjectNotFoundException e) {
      Ledger ledger = Ledger.after(site.log().last());
      if (ledger.of(commit.attempt()).isEmpty()) {
        throw new CheckpointGoneException(uri, commit.step(), e);
      }
      throw new CorruptCheckpointException(
          uri, "it belongs to the checkpoint of step " + commit.step() + " and is missing", e);
    }
  }
}
