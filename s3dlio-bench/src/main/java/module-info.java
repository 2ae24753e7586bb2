/** Checkpoints to measure with. */
module io.s3dlio.bench {
  exports io.s3dlio.bench;

  requires transitive io.s3dlio.checkpoint;
  requires transitive io.s3dlio.core;
  requires transitive io.s3dlio.datagen;
}
