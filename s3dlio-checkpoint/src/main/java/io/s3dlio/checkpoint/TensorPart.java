package io.s3dlio.checkpoint;

import io.s3dlio.safetensors.DType;
import java.util.List;

/**
 * What one rank holds of a tensor, and where it lies.
 *
 * @param name of the tensor
 * @param dtype of its elements
 * @param shape of all of it
 * @param slice which part this is; its elements lie in row-major order
 * @param extent where its bytes are
 */
record TensorPart(String name, DType dtype, List<Long> shape, TensorSlice slice, Extent extent) {

  TensorPart {
    shape = List.copyOf(shape);
    if (!slice.isWithin(shape)) {
      throw new IllegalArgumentException(
          "'" + name + "' of shape " + shape + " has no part " + slice);
    }
    if (dtype.bytes(slice.shape()) != extent.length()) {
      throw new IllegalArgumentException(
          "the part " + slice + " of '" + name + "' has not " + extent.length() + " bytes");
    }
  }
}
