package io.s3dlio.cli;

import io.s3dlio.ObjectUri;
import io.s3dlio.checkpoint.Checkpoint;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ckpt diff}. */
@Command(
    name = "diff",
    description = {"Tells which tensors of two checkpoints are not the same.", ""},
    customSynopsis = "s3dlio ckpt diff [--step N] [--other-step M] BASE [OTHER]",
    footer = {
      "",
      "Tensors are compared by name, type, shape and elements, however many ranks have saved them and",
      "wherever they lie; shards that only the trainer understands are compared by rank. Lists what",
      "differs or is in one of them only, and ends with status 1 if that is anything.",
      "",
      "With --json: {\"same\",\"differences\":[NAME]}.",
      "",
      "Examples:",
      "  s3dlio ckpt diff --step 100 --other-step 200 s3://bucket/run-7/",
      "  s3dlio ckpt diff s3://bucket/run-7/ file:///data/copy/"
    })
final class CheckpointDiffCommand implements Callable<Integer> {

  @ParentCommand private CheckpointCommand group;

  @Mixin private CheckpointPlace place;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OTHER",
      description = "What the other checkpoint lies below; BASE if not given.")
  private ObjectUri other;

  @Option(names = "--step", paramLabel = "N", description = "Which one; the newest if not given.")
  private Long step;

  @Option(
      names = "--other-step",
      paramLabel = "M",
      description = "With which one; the newest if not given.")
  private Long otherStep;

  @Override
  public Integer call() throws IOException {
    if (other == null && step == null && otherStep == null) {
      throw CommandException.usage(
          "say which checkpoints: --step, --other-step, or another place; the newest is the same as"
              + " itself");
    }
    Root root = group.root();
    try (CheckpointPlace.Opened one = place.open(root, 1);
        CheckpointPlace.Opened two = place.open(root, other == null ? place.base() : other, 1)) {
      Checkpoint first = one.checkpoint(step);
      return report(first.differences(two.checkpoint(otherStep)));
    }
  }

  private int report(List<String> differences) throws IOException {
    Output output = group.root().output();
    if (output.isJson()) {
      output.json(
          json -> {
            json.writeBooleanField("same", differences.isEmpty());
            json.writeArrayFieldStart("differences");
            for (String name : differences) {
              json.writeString(name);
            }
            json.writeEndArray();
          });
    } else {
      for (String name : differences) {
        output.line(name);
      }
    }
    return differences.isEmpty() ? ExitStatus.DONE : ExitStatus.FAILED;
  }
}
