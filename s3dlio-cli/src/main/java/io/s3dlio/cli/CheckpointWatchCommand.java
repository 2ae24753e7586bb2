package io.s3dlio.cli;

import io.s3dlio.checkpoint.Checkpoint;
import io.s3dlio.checkpoint.CheckpointWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ckpt watch}. */
@Command(
    name = "watch",
    description = {"Tells of each checkpoint that becomes the newest from now on.", ""},
    customSynopsis = "s3dlio ckpt watch [--count N] [--timeout SECONDS] BASE",
    footer = {
      "",
      "Looks four times a second, which costs a small request each time. What it says of a checkpoint is",
      "what ls says. After a rollback, the checkpoint that is the newest again is told of, too.",
      "",
      "Examples:",
      "  s3dlio ckpt watch s3://bucket/run-7/",
      "  s3dlio ckpt watch --count 1 --timeout 600 --json s3://bucket/run-7/"
    })
final class CheckpointWatchCommand implements Callable<Integer> {

  /** The longest wait in one piece. */
  private static final long DAY = 86_400;

  @ParentCommand private CheckpointCommand group;

  @Mixin private CheckpointPlace place;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End after so many; if not given, go on until Ctrl-C.")
  private long count = Long.MAX_VALUE;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "End with status 1 if there is no other for so long.")
  private Long timeout;

  @Override
  public Integer call() throws IOException {
    if (count < 1 || (timeout != null && (timeout < 1 || timeout > DAY))) {
      throw CommandException.usage("--count is 1 or more, and --timeout 1 to " + DAY + " seconds");
    }
    Root root = group.root();
    try (CheckpointPlace.Opened opened = place.open(root, 1)) {
      CheckpointWatch watch = opened.history().reader().watch();
      for (long seen = 0; seen < count; ) {
        Optional<Checkpoint> newest =
            watch.await(Duration.ofSeconds(timeout == null ? DAY : timeout));
        if (newest.isPresent()) {
          CheckpointLines.write(root.output(), newest.get().info());
          root.output().flush();
          seen++;
        } else if (timeout != null) {
          throw CommandException.failed(
              "no other checkpoint below " + place.base() + " for " + timeout + " s");
        }
      }
    }
    return ExitStatus.DONE;
  }
}
