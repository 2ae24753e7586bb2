package io.s3dlio.cli;

import io.s3dlio.checkpoint.CheckpointReader;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ckpt ls}. */
@Command(
    name = "ls",
    description = {"Lists checkpoints.", ""},
    customSynopsis = "s3dlio ckpt ls [--all] BASE",
    footer = {
      "",
      "Sizes are those of what a checkpoint has written, in powers of ten. Where there is none, nothing",
      "is listed and the status is 0.",
      "",
      "With --json: {\"step\",\"committed\",\"bytes\",\"tensors\",\"worldSize\",\"retired\"}.",
      "",
      "Examples:",
      "  s3dlio ckpt ls file:///data/run-7/",
      "  s3dlio ckpt ls --all --json s3://bucket/run-7/"
    })
final class CheckpointListCommand implements Callable<Integer> {

  @ParentCommand private CheckpointCommand group;

  @Mixin private CheckpointPlace place;

  @Option(
      names = "--all",
      description =
          "Those that were given up, too, in the order in which they were committed; reads and checks"
              + " the whole log.")
  private boolean all;

  @Override
  public Integer call() throws IOException {
    Root root = group.root();
    try (CheckpointPlace.Opened opened = place.open(root, 1)) {
      CheckpointReader reader = opened.history().reader();
      CheckpointLines.write(root.output(), all ? reader.history() : reader.list());
    }
    return ExitStatus.DONE;
  }
}
