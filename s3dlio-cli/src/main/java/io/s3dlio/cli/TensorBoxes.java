package io.s3dlio.cli;

import io.s3dlio.checkpoint.TensorSlice;
import io.s3dlio.safetensors.DType;
import java.util.ArrayList;
import java.util.List;

/** Cuts a box of a tensor into smaller ones, which follow each other in its row-major order. */
final class TensorBoxes {

  /** Elements of less than a byte are cut where bytes end. */
  private static final long UNIT = 8;

  private TensorBoxes() {}

  /**
   * The boxes.
   *
   * @param limit bytes that each has at most, unless it cannot be cut any more
   */
  static List<TensorSlice> cut(TensorSlice box, DType dtype, long limit) {
    List<TensorSlice> boxes = new ArrayList<>();
    cut(box, dtype, limit, boxes);
    return boxes;
  }

  private static void cut(TensorSlice box, DType dtype, long limit, List<TensorSlice> boxes) {
    int d = 0;
    while (d < box.shape().size() && box.shape().get(d) <= 1) {
      d++;
    }
    if (d == box.shape().size() || dtype.bytes(box.shape()) <= limit) {
      boxes.add(box);
      return;
    }
    long half = box.shape().get(d) / 2;
    half = half > UNIT ? half - half % UNIT : half;
    cut(range(box, d, 0, half), dtype, limit, boxes);
    cut(range(box, d, half, box.shape().get(d) - half), dtype, limit, boxes);
  }

  private static TensorSlice range(TensorSlice box, int d, long from, long size) {
    List<Long> offsets = new ArrayList<>(box.offsets());
    List<Long> shape = new ArrayList<>(box.shape());
    offsets.set(d, offsets.get(d) + from);
    shape.set(d, size);
    return new TensorSlice(offsets, shape);
  }
}
