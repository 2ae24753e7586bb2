package io.s3dlio.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ckpt rollback}. */
@Command(
    name = "rollback",
    description = {"Makes an earlier checkpoint the newest again.", ""},
    customSynopsis = "s3dlio ckpt rollback --step N BASE",
    footer = {
      "",
      "Those after it are given up, and training may go on from there. `s3dlio ckpt gc` deletes their",
      "bytes. Says what is the newest now, as ls does.",
      "",
      "Examples:",
      "  s3dlio ckpt rollback --step 900 s3://bucket/run-7/"
    })
final class CheckpointRollbackCommand implements Callable<Integer> {

  @ParentCommand private CheckpointCommand group;

  @Mixin private CheckpointPlace place;

  @Option(names = "--step", required = true, paramLabel = "N", description = "Back to which one.")
  private long step;

  @Override
  public Integer call() throws IOException {
    Root root = group.root();
    try (CheckpointPlace.Opened opened = place.open(root, 1)) {
      CheckpointLines.write(root.output(), opened.history().rollbackTo(step));
    }
    return ExitStatus.DONE;
  }
}
