package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStore;

/**
 * A history of checkpoints: what all who work on it share.
 *
 * @param store where it lies
 * @param places its objects
 * @param log which checkpoints there are
 * @param exclusive how objects are created that nobody may overwrite
 * @param options how it is used
 */
record Site(
    ObjectStore store,
    Places places,
    CommitLog log,
    Exclusive exclusive,
    CheckpointOptions options) {}
