package io.s3dlio.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * A box of a tensor: what one rank holds of it, or what somebody wants of it. Immutable.
 *
 * @param offsets where it begins, by dimension, in elements, each 0 or more
 * @param shape how many elements it has, by dimension, each 0 or more; none for a single element
 */
public record TensorSlice(List<Long> offsets, List<Long> shape) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there are not as many offsets as dimensions, or a number is
   *     negative, or an offset and a size are more than 2^63 - 1 together
   */
  public TensorSlice {
    offsets = List.copyOf(offsets);
    shape = List.copyOf(shape);
    if (offsets.size() != shape.size()) {
      throw new IllegalArgumentException("offsets " + offsets + " of a shape of " + shape);
    }
    for (int d = 0; d < shape.size(); d++) {
      if (offsets.get(d) < 0 || shape.get(d) < 0 || offsets.get(d) + shape.get(d) < 0) {
        throw new IllegalArgumentException("no box begins at " + offsets + " with " + shape);
      }
    }
  }

  /**
   * All of a tensor.
   *
   * @param shape its dimensions
   * @return the box that begins at 0
   */
  public static TensorSlice whole(List<Long> shape) {
    return new TensorSlice(shape.stream().map(dimension -> 0L).toList(), shape);
  }

  /**
   * Whether it lies within a tensor.
   *
   * @param whole the shape of that
   * @return whether it has as many dimensions and ends within each
   */
  public boolean isWithin(List<Long> whole) {
    if (whole.size() != shape.size()) {
      return false;
    }
    for (int d = 0; d < shape.size(); d++) {
      if (offsets.get(d) + shape.get(d) > whole.get(d)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    List<String> ranges = new ArrayList<>();
    for (int d = 0; d < shape.size(); d++) {
      ranges.add(offsets.get(d) + ":" + (offsets.get(d) + shape.get(d)));
    }
    return ranges.toString();
  }
}
