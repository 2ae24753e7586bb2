package io.s3dlio.bench;

import io.s3dlio.ByteSource;
import io.s3dlio.checkpoint.TensorSlice;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.safetensors.DType;
import java.util.List;

/**
 * A tensor whose bytes are made when they are read: those of a generated object of the tensor's
 * name, so that each byte depends on the seed, the name and its place in the whole tensor (row by
 * row), and on nothing else. So any part can be made and checked alone, whoever has saved it and
 * however the tensor was cut. They are random bytes, not numbers that a model would have.
 *
 * @param name what it is called
 * @param dtype of its elements
 * @param shape of all of it; one or two dimensions
 * @param content of all of it
 */
public record SyntheticTensor(String name, DType dtype, List<Long> shape, GeneratedObject content) {

  /**
   * Copies the shape.
   *
   * @throws IllegalArgumentException if the content is not as long as the shape says, or there are
   *     no or more than two dimensions
   */
  public SyntheticTensor {
    shape = List.copyOf(shape);
    if (shape.isEmpty() || shape.size() > 2 || dtype.bytes(shape) != content.size()) {
      throw new IllegalArgumentException(
          "'%s' of %s %s cannot have %d bytes".formatted(name, dtype, shape, content.size()));
    }
  }

  /**
   * The bytes of a part.
   *
   * @param slice which part
   * @return its elements in row-major order, made when they are read; thread-safe
   * @throws IllegalArgumentException if the part is not within the tensor
   */
  public ByteSource part(TensorSlice slice) {
    return new PartSource(content, runs(slice));
  }

  /**
   * Compares the bytes of a part with what they must be.
   *
   * @param slice which part
   * @return takes its elements in row-major order; thread-safe
   * @throws IllegalArgumentException if the part is not within the tensor
   */
  public PartCheck check(TensorSlice slice) {
    return new PartCheck(content, runs(slice));
  }

  private Runs runs(TensorSlice slice) {
    if (!slice.isWithin(shape)) {
      throw new IllegalArgumentException("'" + name + "' of " + shape + " has no part " + slice);
    }
    long element = dtype.bytes(1);
    int last = shape.size() - 1;
    long row = element * shape.get(last);
    long run = element * slice.shape().get(last);
    long first = element * slice.offsets().get(last);
    if (last == 0) {
      return new Runs(first, run, run, 1);
    }
    first += row * slice.offsets().get(0);
    long rows = slice.shape().get(0);
    return run == row
        ? new Runs(first, run * rows, run * rows, 1)
        : new Runs(first, run, row, rows);
  }
}
