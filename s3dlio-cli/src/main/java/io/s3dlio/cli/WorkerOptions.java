package io.s3dlio.cli;

import io.s3dlio.datagen.GeneratorOptions;
import io.s3dlio.datagen.GeneratorPool;
import io.s3dlio.platform.NumaNode;
import io.s3dlio.platform.NumaTopology;
import io.s3dlio.platform.Pinning;
import io.s3dlio.platform.SystemInfo;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Who makes synthetic data. */
final class WorkerOptions {

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads that make the data, 1 to 1024; if not given, half of the CPUs that this process"
              + " may use.")
  private Integer threads;

  @Option(
      names = "--numa",
      paramLabel = "NODE",
      description = "Make the data on the CPUs and in the memory of this NUMA node only.")
  private Integer node;

  /**
   * The threads, idle, which the caller closes. If they are not on the node asked for, says why.
   */
  GeneratorPool open(Output output) throws CommandException {
    GeneratorPool pool = open(GeneratorOptions.DEFAULTS);
    if (node != null) {
      pool.remark().ifPresent(why -> output.note("--numa " + node + ": " + why));
    }
    return pool;
  }

  private GeneratorPool open(GeneratorOptions defaults) throws CommandException {
    try {
      GeneratorOptions options = threads == null ? defaults : defaults.withThreads(threads);
      return new GeneratorPool(node == null ? options : options.withNumaNode(node));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
  }

  /** How many threads there can be: as many as were asked for, or as there are CPUs. */
  int most() throws CommandException {
    GeneratorOptions all = GeneratorOptions.DEFAULTS;
    try (GeneratorPool pool = open(threads == null ? all.withMaxCpuFraction(1) : all)) {
      return pool.threads();
    }
  }

  List<String> threadsAsArguments() {
    return threads == null ? List.of() : List.of("--threads", String.valueOf(threads));
  }

  /**
   * Takes the calling thread to where it was asked for.
   *
   * @throws UncheckedIOException if that cannot be had
   */
  void pin() {
    NumaTopology numa = SystemInfo.current().numa();
    // A machine without nodes is what others have as node 0.
    if (node == null || numa.nodesToRunOn().isEmpty()) {
      return;
    }
    NumaNode near = numa.nearestToRunOn(node).orElseThrow();
    Pinning.Outcome outcome = Pinning.pin(near.allowedCpus(), OptionalInt.of(node));
    Optional<String> refused = outcome.cpusRefused();
    if (refused.isEmpty() && near.id() != node) {
      refused = outcome.memoryRefused(); // else the kernel takes that of the CPUs anyway
    }
    if (refused.isPresent()) {
      throw new UncheckedIOException(
          CommandException.failed("--numa " + node + " cannot be had: " + refused.get()));
    }
  }
}
