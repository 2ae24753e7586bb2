package io.s3dlio.checkpoint;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What the log says of a checkpoint.
 *
 * @param step of the training
 * @param attempt the attempt that became it
 * @param slot where in the log it was committed
 * @param committed when, by the clock of who committed it
 * @param worldSize ranks that saved it
 * @param tensors how many, each counted once
 * @param bytes of all shards, without those that lie in earlier checkpoints
 * @param retired whether it was given up since
 */
public record CheckpointInfo(
    long step,
    UUID attempt,
    long slot,
    Instant committed,
    int worldSize,
    int tensors,
    long bytes,
    boolean retired) {

  static List<CheckpointInfo> of(Ledger ledger) {
    return ledger.live().stream().map(CheckpointInfo::of).toList();
  }

  static CheckpointInfo of(Ledger.Live live) {
    return of(live.commit(), live.slot(), false);
  }

  static CheckpointInfo of(Change.Commit commit, long slot, boolean retired) {
    Summary summary = commit.summary();
    return new CheckpointInfo(
        commit.step(),
        commit.attempt(),
        slot,
        summary.committed(),
        summary.worldSize(),
        summary.tensors(),
        summary.bytes(),
        retired);
  }
}
