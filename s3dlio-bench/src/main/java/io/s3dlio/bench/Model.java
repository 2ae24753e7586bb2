package io.s3dlio.bench;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The models of the checkpoint workload of MLPerf Storage v2, by the numbers of its configuration
 * (<a href="https://github.com/mlcommons/storage">mlcommons/storage</a>): weights of two bytes, and
 * of the optimiser a copy of them and two moments, of four bytes each. So a parameter is 14 bytes.
 */
public enum Model {
  /** Llama 3 8B: 8 ranks, 112 GB (105 GiB). */
  LLAMA3_8B("llama3-8b", new Width(4096, 14336, 1024), 32, 1, 1, 8, 3),
  /** Llama 3 70B: 64 ranks, 988 GB (920 GiB). */
  LLAMA3_70B("llama3-70b", new Width(8192, 28672, 1024), 80, 8, 1, 64, 3),
  /** Llama 3 405B: 512 ranks, 5.68 TB (5.17 TiB). */
  LLAMA3_405B("llama3-405b", new Width(16384, 53248, 1024), 126, 8, 32, 512, 1),
  /** A model of 1.3 trillion parameters of the same kind: 1,024 ranks, 18.6 TB (16.9 TiB). */
  LLAMA3_1T("llama3-1t", new Width(25872, 98304, 25872), 128, 8, 64, 1024, 1);

  /** How many different tokens there are. */
  static final long VOCABULARY = 128256;

  /**
   * Sizes of what flows through a layer, in elements.
   *
   * @param hidden between layers
   * @param inner within the feed-forward part
   * @param keys of all heads' keys, and of their values
   */
  record Width(long hidden, long inner, long keys) {}

  private final String id;
  private final long hidden;
  private final long inner;
  private final long keys;
  private final int layers;
  private final int tensorParallel;
  private final int pipelineParallel;
  private final int ranks;
  private final int zeroStage;

  Model(
      String id,
      Width width,
      int layers,
      int tensorParallel,
      int pipelineParallel,
      int ranks,
      int zeroStage) {
    this.id = id;
    this.hidden = width.hidden();
    this.inner = width.inner();
    this.keys = width.keys();
    this.layers = layers;
    this.tensorParallel = tensorParallel;
    this.pipelineParallel = pipelineParallel;
    this.ranks = ranks;
    this.zeroStage = zeroStage;
  }

  /**
   * The model of a name.
   *
   * @param id such as {@code llama3-8b}
   * @return the model
   * @throws IllegalArgumentException if there is none; the message names all
   */
  public static Model named(String id) {
    return Arrays.stream(values())
        .filter(model -> model.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no model '"
                        + id
                        + "'; there are "
                        + Arrays.stream(values())
                            .map(Model::id)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * What it is called.
   *
   * @return such as {@code llama3-8b}
   */
  public String id() {
    return id;
  }

  /**
   * How many ranks save it in the workload.
   *
   * @return 8 to 1,024
   */
  public int ranks() {
    return ranks;
  }

  Width width() {
    return new Width(hidden, inner, keys);
  }

  int layers() {
    return layers;
  }

  /** How a number of ranks share it. */
  Layout layout(int world) {
    int modelParallel = tensorParallel * pipelineParallel;
    return world % modelParallel == 0
        ? new Layout(tensorParallel, pipelineParallel, world / modelParallel, zeroStage == 3)
        : new Layout(1, 1, world, true);
  }
}
