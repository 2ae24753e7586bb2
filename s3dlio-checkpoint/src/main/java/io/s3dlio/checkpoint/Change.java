package io.s3dlio.checkpoint;

import java.util.List;
import java.util.UUID;

/** What a record of the log does. Each is about one attempt to save a checkpoint. */
sealed interface Change {

  /** Which attempt. */
  UUID attempt();

  /** Whether it does the same: a commit that is tried again has another time. */
  default boolean isSameAs(Change other) {
    return equals(other);
  }

  /**
   * A checkpoint is there.
   *
   * @param step of the training, 0 or more
   * @param manifestSha256 of its manifest, in hexadecimal
   * @param bases the earlier checkpoints whose bytes it refers to
   * @param summary what listings say of it
   */
  record Commit(UUID attempt, long step, String manifestSha256, List<UUID> bases, Summary summary)
      implements Change {
    public Commit {
      bases = List.copyOf(bases);
    }

    @Override
    public boolean isSameAs(Change other) {
      return other instanceof Commit that
          && attempt.equals(that.attempt)
          && manifestSha256.equals(that.manifestSha256);
    }
  }

  /** An attempt never becomes a checkpoint: what it has written may be deleted. */
  record Abort(UUID attempt) implements Change {}

  /** A checkpoint is given up: what it consists of may be deleted. */
  record Retire(UUID attempt) implements Change {}

  /** A checkpoint is the newest again: those after it are given up. */
  record Rollback(UUID attempt) implements Change {}
}
