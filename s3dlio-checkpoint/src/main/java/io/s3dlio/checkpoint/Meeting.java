package io.s3dlio.checkpoint;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectAlreadyExistsException;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How ranks agree on an attempt that have nothing in common but the store.
 *
 * @param place an object that only the ranks of this run use, for this save
 */
record Meeting(Site site, ObjectUri place) {

  /** Rank 0 says which attempt it has begun. */
  SaveAttempt tell(SaveAttempt attempt) throws ObjectStoreException {
    byte[] text = attempt.toString().getBytes(StandardCharsets.UTF_8);
    PutOptions options = PutOptions.DEFAULT.withMode(site.exclusive().mode());
    try {
      site.store().put(place, ByteSources.of(ByteBuffer.wrap(text)), options);
    } catch (ObjectAlreadyExistsException e) {
      Optional<SaveAttempt> there = look();
      if (!there.equals(Optional.of(attempt))) { // else an answer was lost
        throw new ObjectStoreException(
            Kind.INVALID,
            "checkpoint",
            place,
            "an earlier run has met here; give each run a name of its own by"
                + " CheckpointOptions.withJob",
            e);
      }
    }
    return attempt;
  }

  /** The others hear it. */
  SaveAttempt hear() throws ObjectStoreException {
    return Patience.of(site.options())
        .until(place, this::look, () -> "rank 0 has not begun to save");
  }

  /** All have heard: nothing is left of it. What a run that dies leaves, cleaning up finds. */
  void end() {
    try {
      site.store().delete(place);
    } catch (ObjectStoreException e) {
      System.getLogger("io.s3dlio.checkpoint")
          .log(System.Logger.Level.DEBUG, "a meeting place was left", e);
    }
  }

  Optional<SaveAttempt> look() throws ObjectStoreException {
    return SmallObject.attempt(site.store(), place);
  }
}
