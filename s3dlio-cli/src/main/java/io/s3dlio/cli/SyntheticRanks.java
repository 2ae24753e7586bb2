package io.s3dlio.cli;

import io.s3dlio.bench.SyntheticModel;
import io.s3dlio.bench.SyntheticPart;
import io.s3dlio.bench.SyntheticTensor;
import io.s3dlio.checkpoint.CheckpointWriter;

/** What the ranks of a synthetic checkpoint save. */
record SyntheticRanks(SyntheticModel model) implements CheckpointSaveCommand.Content {

  @Override
  public int world() {
    return model.world();
  }

  @Override
  public void register(int rank, CheckpointWriter writer) {
    for (SyntheticPart part : model.parts(rank)) {
      SyntheticTensor tensor = part.tensor();
      writer.put(tensor.name(), tensor.dtype(), tensor.shape(), part.slice(), part.content());
    }
  }
}
