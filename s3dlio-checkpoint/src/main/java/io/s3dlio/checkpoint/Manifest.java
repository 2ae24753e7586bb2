package io.s3dlio.checkpoint;

import java.util.List;

/**
 * What a checkpoint consists of: the descriptions of its shards, by rank. The record in the log
 * names it by its SHA-256, as it names each description by its own.
 *
 * @param attempt which wrote it
 * @param shards of rank 0, 1, …
 */
record Manifest(SaveAttempt attempt, List<Shard> shards) {

  /**
   * The shard of a rank.
   *
   * @param bytes of the shard
   * @param description bytes of its description
   * @param sha256 of its description
   */
  record Shard(long bytes, int description, String sha256) {}

  Manifest {
    shards = List.copyOf(shards);
    if (shards.size() != attempt.worldSize()) {
      throw new IllegalArgumentException(
          shards.size() + " shards of " + attempt.worldSize() + " ranks");
    }
  }
}
