package io.s3dlio.cli;

import io.s3dlio.datagen.GeneratorOptions;
import io.s3dlio.datagen.GeneratorPool;
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
}
