package io.s3dlio.checkpoint;

import java.time.Instant;

/**
 * What a listing says of a checkpoint, so that it need not read each manifest. Nothing is decided
 * by it but what the user has asked to keep.
 *
 * @param committed when, by the clock of who committed it
 * @param worldSize ranks that saved it
 * @param tensors how many, each counted once
 * @param bytes of all shards, without those that lie in earlier checkpoints
 */
record Summary(Instant committed, int worldSize, int tensors, long bytes) {}
