/** Checkpoints of training jobs. */
module io.s3dlio.checkpoint {
  exports io.s3dlio.checkpoint;
  exports io.s3dlio.safetensors;

  requires transitive io.s3dlio.core;
  requires com.fasterxml.jackson.core;
}
