package io.s3dlio.checkpoint;

import io.s3dlio.safetensors.DType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

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
   * What a rank has if a tensor is split evenly along one dimension, as by {@code torch.chunk}:
   * each rank has as many as the first, but the last that have any may have fewer, and those after
   * it have none.
   *
   * @param shape the tensor's dimensions
   * @param dimension which one to split, from 0
   * @param rank whose box, from 0 to below the world size
   * @param worldSize how many ranks there are, 1 or more
   * @return the box, which may be empty
   * @throws IllegalArgumentException if there is no such dimension or rank
   */
  public static TensorSlice ofRank(List<Long> shape, int dimension, int rank, int worldSize) {
    if (dimension < 0 || dimension >= shape.size()) {
      throw new IllegalArgumentException(
          "there is no dimension " + dimension + " in a shape of " + shape);
    }
    if (rank < 0 || rank >= worldSize) {
      throw new IllegalArgumentException("there is no rank " + rank + " of " + worldSize);
    }
    long size = shape.get(dimension);
    long each = size / worldSize + (size % worldSize == 0 ? 0 : 1);
    long begin = each == 0 || rank > size / each ? size : rank * each;
    return whole(shape).range(dimension, begin, Math.min(each, size - begin));
  }

  /**
   * How many elements it has.
   *
   * @return 0 or more
   * @throws IllegalArgumentException if that is above 2^63 - 1
   */
  public long elements() {
    if (shape.contains(0L)) {
      return 0;
    }
    try {
      return shape.stream().reduce(1L, Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("a box of " + shape + " is too large", e);
    }
  }

  /**
   * What it has in common with another box.
   *
   * @param other the other, of as many dimensions
   * @return the box of all common elements, or nothing if there is none
   * @throws IllegalArgumentException if the other has more or fewer dimensions
   */
  public Optional<TensorSlice> intersection(TensorSlice other) {
    if (other.shape.size() != shape.size()) {
      throw new IllegalArgumentException(this + " and " + other + " are not of one tensor");
    }
    List<Long> begins = new ArrayList<>(shape.size());
    List<Long> sizes = new ArrayList<>(shape.size());
    for (int d = 0; d < shape.size(); d++) {
      long begin = Math.max(offsets.get(d), other.offsets.get(d));
      long end = Math.min(end(d), other.end(d));
      if (begin >= end) {
        return Optional.empty();
      }
      begins.add(begin);
      sizes.add(end - begin);
    }
    return Optional.of(new TensorSlice(begins, sizes));
  }

  /**
   * Whether boxes make this one up: each of its elements is in exactly one of them, and they have
   * no other. Takes time in proportion to their number. The answer is by chance: with a probability
   * below 2^-50 it is true where it should be false.
   *
   * @param parts the boxes, in any order; empty ones do not matter
   * @return whether there is no hole, no overlap and nothing outside
   */
  public boolean isTiledBy(Collection<TensorSlice> parts) {
    return Tiling.of(this, parts);
  }

  /**
   * Smaller boxes, which follow each other in its row-major order and begin and end where bytes do.
   *
   * @param dtype what an element is
   * @param limit bytes that each has at most, unless it cannot be cut any more
   * @return the boxes, one or more
   * @throws IllegalArgumentException if its last element ends within a byte
   */
  public List<TensorSlice> cut(DType dtype, long limit) {
    List<TensorSlice> boxes = new ArrayList<>();
    cut(dtype, limit, boxes);
    return boxes;
  }

  private void cut(DType dtype, long limit, List<TensorSlice> boxes) {
    int d = 0;
    while (d < shape.size() && shape.get(d) <= 1) {
      d++;
    }
    long half = d == shape.size() || dtype.bytes(shape) <= limit ? 0 : half(d, dtype);
    if (half == 0) {
      boxes.add(this);
    } else {
      range(d, 0, half).cut(dtype, limit, boxes);
      range(d, half, shape.get(d) - half).cut(dtype, limit, boxes);
    }
  }

  /** How many rows make up about a half of it, and whole bytes; 0 if none do. */
  private long half(int d, DType dtype) {
    long row = dtype.bits();
    for (long size : shape.subList(d + 1, shape.size())) {
      row = row * (size % Byte.SIZE) % Byte.SIZE;
    }
    long rows = 1;
    while (row * rows % Byte.SIZE != 0) {
      rows *= 2;
    }
    long half = shape.get(d) / 2;
    return half - half % rows;
  }

  private TensorSlice range(int d, long from, long size) {
    List<Long> begins = new ArrayList<>(offsets);
    List<Long> sizes = new ArrayList<>(shape);
    begins.set(d, begins.get(d) + from);
    sizes.set(d, size);
    return new TensorSlice(begins, sizes);
  }

  /** Where it ends, in a dimension. */
  long end(int d) {
    return offsets.get(d) + shape.get(d);
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
      if (end(d) > whole.get(d)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    List<String> ranges = new ArrayList<>();
    for (int d = 0; d < shape.size(); d++) {
      ranges.add(offsets.get(d) + ":" + end(d));
    }
    return ranges.toString();
  }
}
