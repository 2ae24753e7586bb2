package io.s3dlio.cli;

import io.s3dlio.datagen.GeneratorOptions;
import io.s3dlio.datagen.GeneratorPool;
import io.s3dlio.platform.NumaNode;
import io.s3dlio.platform.Pinning;
import io.s3dlio.platform.SystemInfo;
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

  /** The threads, idle, which the caller closes. */
  GeneratorPool open() throws CommandException {
    try {
      GeneratorOptions options = GeneratorOptions.DEFAULTS;
      options = threads == null ? options : options.withThreads(threads);
      return new GeneratorPool(node == null ? options : options.withNumaNode(node));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
  }

  /** How many threads there can be: as many as were asked for, or as there are CPUs. */
  int most() throws CommandException {
    try (GeneratorPool asked = open()) {
      if (threads != null) {
        return asked.threads();
      }
    }
    SystemInfo system = SystemInfo.current();
    int cpus = node().map(n -> n.allowedCpus().size()).orElse(Integer.MAX_VALUE);
    return Math.min(system.usableCpus(), cpus);
  }

  List<String> threadsAsArguments() {
    return threads == null ? List.of() : List.of("--threads", String.valueOf(threads));
  }

  /** Takes the calling thread to where it was asked for. */
  void pin() {
    node().ifPresent(n -> Pinning.pin(n.allowedCpus(), OptionalInt.of(n.id())));
  }

  private Optional<NumaNode> node() {
    return node == null
        ? Optional.empty()
        : SystemInfo.current().numa().nodesToRunOn().stream().filter(n -> n.id() == node).findAny();
  }
}
