package io.s3dlio.cli;

import io.s3dlio.datagen.DedupScope;
import io.s3dlio.datagen.GeneratorSpec;
import java.util.List;
import picocli.CommandLine.Option;

/** What synthetic objects are like. */
final class DataOptions {

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What the bytes depend on, beside key and offset; random if not given.")
  private Long seed;

  @Option(
      names = "-x",
      paramLabel = "RATIO",
      description =
          "How much smaller a compressor makes the data, in every whole 4 KiB (for smaller objects, of"
              + " --dedup-block): 1 (not at all, if not given) to 20, such as 2.5.")
  private double compression = 1;

  @Option(
      names = "-d",
      paramLabel = "RATIO",
      description =
          "How many blocks there are for each different one: 1 (no block twice, if not given) to"
              + " 1000000.")
  private double dedup = 1;

  @Option(
      names = "--dedup-block",
      paramLabel = "SIZE",
      converter = Arguments.Size.class,
      description =
          "Bytes of those blocks, a power of two from 512 to 4MiB; ${DEFAULT-VALUE} if not given.")
  private long dedupBlock = GeneratorSpec.DEFAULT_DEDUP_BLOCK;

  @Option(
      names = "--dedup-scope",
      paramLabel = "WHERE",
      description =
          "Where equal blocks lie: in one object (object, if not given) or in different ones"
              + " (dataset).")
  private String dedupScope = "object";

  boolean hasSeed() {
    return seed != null;
  }

  /** Says what it takes to make the same bytes again, if that is not known. */
  void tellSeed(Output output, GeneratorSpec spec) {
    if (!hasSeed()) {
      output.note("seed " + spec.seed() + " (random; --seed makes the same bytes again)");
    }
  }

  /** All but the seed, as they were given, for another command. */
  List<String> asArguments() {
    return List.of(
        "-x",
        String.valueOf(compression),
        "-d",
        String.valueOf(dedup),
        "--dedup-block",
        String.valueOf(dedupBlock),
        "--dedup-scope",
        dedupScope);
  }

  /** Whether an object's bytes depend on its number. */
  boolean sharesBlocks() {
    return dedup > 1 && dedupScope.equals("dataset");
  }

  /**
   * The data set.
   *
   * @param count how many objects there are
   * @param size bytes of each
   */
  GeneratorSpec spec(long count, long size) throws CommandException {
    try {
      GeneratorSpec spec = hasSeed() ? GeneratorSpec.of(seed) : GeneratorSpec.random();
      return spec.withCompression(compression)
          .withDedup(dedup)
          .withDedupBlock((int) Math.min(dedupBlock, Integer.MAX_VALUE))
          .withDedupScope(scope(count, size));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
  }

  private DedupScope scope(long count, long size) {
    return switch (dedupScope) {
      case "object" -> DedupScope.OBJECT;
      case "dataset" -> DedupScope.dataSet(count, size);
      default ->
          throw new IllegalArgumentException(
              "--dedup-scope '" + dedupScope + "' is neither object nor dataset");
    };
  }
}
