package io.s3dlio.cli;

import io.s3dlio.ObjectUri;
import io.s3dlio.checkpoint.Checkpoint;
import io.s3dlio.checkpoint.CheckpointInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ckpt copy}. */
@Command(
    name = "copy",
    description = {"Copies checkpoints to another place, in the same store or another one.", ""},
    customSynopsis = "s3dlio ckpt copy [--step N | --all] BASE DST",
    footer = {
      "",
      "Bytes are compared with their checksums on the way, and it is a checkpoint there when all of it",
      "is there. What is there already is not copied again, so that a copy which was broken off goes",
      "on. Steps ascend there, too; what a checkpoint refers to in earlier ones has to be there: --all",
      "copies those first. What was there and was given up cannot be copied there again: --all passes",
      "over it, and says so, so that a place with a retention of its own can follow another one.",
      "",
      "Examples:",
      "  s3dlio ckpt copy s3://bucket/run-7/ file:///data/run-7/",
      "  s3dlio ckpt copy --all az://account/container/run-7/ s3://bucket/run-7/"
    })
final class CheckpointCopyCommand implements Callable<Integer> {

  @ParentCommand private CheckpointCommand group;

  @Mixin private CheckpointPlace place;

  @Parameters(index = "1", paramLabel = "DST", description = "What the copies will lie below.")
  private ObjectUri target;

  @Option(names = "--step", paramLabel = "N", description = "Which one; the newest if not given.")
  private Long step;

  @Option(names = "--all", description = "All that were not given up, in their order.")
  private boolean all;

  @Override
  public Integer call() throws IOException {
    if (all && step != null) {
      throw CommandException.usage("--all and --step exclude each other");
    }
    Root root = group.root();
    try (CheckpointPlace.Opened from = place.open(root, 1);
        CheckpointPlace.Opened to = place.open(root, target, 1);
        Transfer transfer = new Transfer(root, "ckpt copy", 1, OptionalLong.empty())) {
      for (Checkpoint checkpoint : checkpoints(from)) {
        if (all && to.history().isGivenUp(checkpoint.info().attempt())) {
          root.output().note("passed over step " + checkpoint.step() + ": it was given up there");
          continue;
        }
        transfer.<Checkpoint>run(
            List.of(checkpoint).iterator(), (one, progress) -> to.history().copy(one).bytes());
        if (transfer.summary().failed() > 0) {
          break; // steps ascend: an earlier one could not follow a later one
        }
      }
      return transfer.finish();
    }
  }

  private List<Checkpoint> checkpoints(CheckpointPlace.Opened from) throws IOException {
    if (!all) {
      return List.of(from.checkpoint(step));
    }
    List<Checkpoint> checkpoints = new ArrayList<>();
    for (CheckpointInfo info : from.history().reader().list()) {
      checkpoints.add(from.history().reader().at(info.step()));
    }
    return checkpoints;
  }
}
