package io.s3dlio.safetensors;

import java.util.List;

/**
 * What a file says of one of its tensors, and where its bytes lie.
 *
 * @param name as the file has it
 * @param dtype what its elements are
 * @param shape its dimensions, each 0 or more; none for a single element. Elements lie in row-major
 *     order, the last dimension's next to each other
 * @param offset of its first byte, in bytes from the start of the file
 * @param size of its data in bytes; 0 if a dimension is 0
 */
public record TensorInfo(String name, DType dtype, List<Long> shape, long offset, long size) {

  /**
   * Copies the shape.
   *
   * @throws IllegalArgumentException if a number is negative, or the size is not that of the shape
   */
  public TensorInfo {
    shape = List.copyOf(shape);
    if (offset < 0 || size != dtype.bytes(shape)) {
      throw new IllegalArgumentException(
          StrictJson.quoted(name)
              + " of "
              + dtype
              + " "
              + shape
              + " cannot have "
              + size
              + " bytes at "
              + offset);
    }
  }

  /** The offset behind its last byte. */
  long end() {
    return offset + size;
  }

  TensorInfo at(long newOffset) {
    return new TensorInfo(name, dtype, shape, newOffset, size);
  }
}
