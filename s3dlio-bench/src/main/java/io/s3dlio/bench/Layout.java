package io.s3dlio.bench;

import io.s3dlio.checkpoint.TensorSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How ranks share a model: by pieces of each tensor, by layers, and, where several have the same
 * piece, by rows of that. Ranks of one piece's neighbours follow each other.
 *
 * @param tensor into how many pieces a tensor is cut
 * @param pipeline how many stages of layers there are
 * @param data how many ranks have the same piece of the same stage
 * @param weightsToo whether those share the rows of weights, as they do those of the optimiser
 *     (ZeRO stage 3); else the first of them has all (stage 1)
 */
record Layout(int tensor, int pipeline, int data, boolean weightsToo) {

  int stageOf(int rank) {
    return rank / tensor % pipeline;
  }

  /** The stage that has a layer: earlier ones have one more where they cannot have the same. */
  int stageOfLayer(int layer, int layers) {
    int each = layers / pipeline;
    int more = layers % pipeline;
    return layer < more * (each + 1) ? layer / (each + 1) : (layer - more) / each;
  }

  /**
   * What a rank of the right stage holds of a tensor.
   *
   * @param cut the dimension along which tensors are cut into pieces, or -1 if they are not
   * @param optimiser whether it is one of the optimiser's
   * @return the part; empty if others hold all of it
   */
  Optional<TensorSlice> part(List<Long> shape, int cut, boolean optimiser, int rank) {
    int piece = rank % tensor;
    int copy = rank / (tensor * pipeline);
    boolean shared = optimiser || weightsToo;
    if ((cut < 0 && piece > 0) || (!shared && copy > 0)) {
      return Optional.empty();
    }
    TensorSlice box =
        cut < 0 ? TensorSlice.whole(shape) : TensorSlice.ofRank(shape, cut, piece, tensor);
    TensorSlice part = shared ? rows(box, copy) : box;
    return Optional.of(part).filter(one -> one.elements() > 0);
  }

  private TensorSlice rows(TensorSlice box, int copy) {
    TensorSlice rows = TensorSlice.ofRank(box.shape(), 0, copy, data);
    List<Long> offsets = new ArrayList<>(box.offsets());
    offsets.set(0, offsets.get(0) + rows.offsets().get(0));
    return new TensorSlice(offsets, rows.shape());
  }
}
