package io.s3dlio.checkpoint;

/** What the file of a rank is. */
enum ShardFormat {
  /** Tensors. */
  SAFETENSORS(".safetensors"),
  /** Bytes that only the trainer understands. */
  OPAQUE(".bin");

  private final String suffix;

  ShardFormat(String suffix) {
    this.suffix = suffix;
  }

  String suffix() {
    return suffix;
  }
}
