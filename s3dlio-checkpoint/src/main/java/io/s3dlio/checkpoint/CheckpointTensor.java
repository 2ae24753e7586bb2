package io.s3dlio.checkpoint;

import io.s3dlio.safetensors.DType;
import java.util.List;

/**
 * A tensor of a checkpoint, whatever ranks hold it.
 *
 * @param name what it is called
 * @param dtype of its elements
 * @param shape its dimensions
 */
public record CheckpointTensor(String name, DType dtype, List<Long> shape) {

  /** Copies the shape. */
  public CheckpointTensor {
    shape = List.copyOf(shape);
  }

  static CheckpointTensor of(TensorPart part) {
    return new CheckpointTensor(part.name(), part.dtype(), part.shape());
  }

  /**
   * The size of all of it.
   *
   * @return bytes; may exceed 2 GiB
   */
  public long bytes() {
    return dtype.bytes(shape);
  }
}
