package io.s3dlio.bench;

import io.s3dlio.ByteSource;
import io.s3dlio.checkpoint.TensorSlice;

/**
 * What a rank saves of a tensor.
 *
 * @param tensor which one
 * @param slice which part of it
 */
public record SyntheticPart(SyntheticTensor tensor, TensorSlice slice) {

  /**
   * Its size.
   *
   * @return bytes
   */
  public long size() {
    return tensor.dtype().bytes(slice.shape());
  }

  /**
   * Its bytes.
   *
   * @return as {@link SyntheticTensor#part}
   */
  public ByteSource content() {
    return tensor.part(slice);
  }
}
