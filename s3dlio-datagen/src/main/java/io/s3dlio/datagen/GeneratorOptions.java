package io.s3dlio.datagen;

import io.s3dlio.platform.SystemInfo;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How many threads a {@link GeneratorPool} has, and where they run.
 *
 * @param threads how many, 1 to 1,024; if empty, half of the CPUs that the pool can use
 * @param maxCpuFraction the most threads as a part of the CPUs that the pool can use, above 0 and
 *     up to 1: it takes the place of the half, and bounds {@code threads}. There is always one
 *     thread
 * @param numaNode the node whose memory the threads fill, and on whose CPUs they run; on those of
 *     the nearest other node if it has none that this process may run on. If empty, all nodes
 * @param numaMode whether threads are pinned if {@code numaNode} is empty
 */
public record GeneratorOptions(
    OptionalInt threads, OptionalDouble maxCpuFraction, OptionalInt numaNode, NumaMode numaMode) {

  /** Half of the CPUs; pinned where there are several nodes. */
  public static final GeneratorOptions DEFAULTS =
      new GeneratorOptions(
          OptionalInt.empty(), OptionalDouble.empty(), OptionalInt.empty(), NumaMode.AUTO);

  static final int MAX_THREADS = 1024;

  /**
   * Checks what can be checked without a look at the nodes.
   *
   * @throws IllegalArgumentException if a number is out of its range, or a node is given together
   *     with {@link NumaMode#UMA}
   */
  public GeneratorOptions {
    Objects.requireNonNull(threads, "threads");
    Objects.requireNonNull(maxCpuFraction, "maxCpuFraction");
    Objects.requireNonNull(numaNode, "numaNode");
    Objects.requireNonNull(numaMode, "numaMode");
    if (threads.isPresent() && (threads.getAsInt() < 1 || threads.getAsInt() > MAX_THREADS)) {
      throw new IllegalArgumentException(
          threads.getAsInt() + " generator threads: must be 1 to " + MAX_THREADS + thisMachine());
    }
    // Not the other way round: NaN is refused, too.
    if (maxCpuFraction.isPresent()
        && !(maxCpuFraction.getAsDouble() > 0 && maxCpuFraction.getAsDouble() <= 1)) {
      throw new IllegalArgumentException(
          "generator threads on a fraction of "
              + maxCpuFraction.getAsDouble()
              + " of the CPUs: must be above 0 and at most 1"
              + thisMachine());
    }
    if (numaNode.isPresent() && numaMode == NumaMode.UMA) {
      throw new IllegalArgumentException(
          "NUMA node " + numaNode.getAsInt() + " cannot be had with the mode UMA: leave one out");
    }
  }

  private static String thisMachine() {
    return "; this process can use " + SystemInfo.current().usableCpus() + " CPUs";
  }

  /**
   * With a number of threads.
   *
   * @param count how many, 1 to 1,024
   * @return a copy
   */
  public GeneratorOptions withThreads(int count) {
    return new GeneratorOptions(OptionalInt.of(count), maxCpuFraction, numaNode, numaMode);
  }

  /**
   * With a bound for the number of threads.
   *
   * @param fraction of the CPUs that the pool can use, above 0 and up to 1
   * @return a copy
   */
  public GeneratorOptions withMaxCpuFraction(double fraction) {
    return new GeneratorOptions(threads, OptionalDouble.of(fraction), numaNode, numaMode);
  }

  /**
   * On one node.
   *
   * @param id the number of the node
   * @return a copy
   */
  public GeneratorOptions withNumaNode(int id) {
    return new GeneratorOptions(threads, maxCpuFraction, OptionalInt.of(id), numaMode);
  }

  /**
   * With a mode.
   *
   * @param mode whether threads are pinned
   * @return a copy
   */
  public GeneratorOptions withNumaMode(NumaMode mode) {
    return new GeneratorOptions(threads, maxCpuFraction, numaNode, mode);
  }
}
