package io.s3dlio.cli;

import io.s3dlio.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ckpt load}. */
@Command(
    name = "load",
    description = {"Keeps what the ranks of a checkpoint have saved as files.", ""},
    customSynopsis = {
      "s3dlio ckpt load [--step N] [-j JOBS] BASE [-o DIR]",
      "       s3dlio ckpt load --world RANKS [--rank R] [--step N] [-j JOBS] BASE [-o DIR]"
    },
    footer = {
      "",
      "What a rank has saved becomes DIR/rank-00000.safetensors, or .bin if the trainer alone",
      "understands it. With --world, the tensors are shared anew: each rank gets as many rows of each",
      "as any other, as torch.chunk does it, whatever ranks had saved them. PyTorch's reader of such",
      "files takes both. A file appears under its name when it is complete and its checksums were",
      "right, in place of one that is there. Without -o, all is read and checked, and nothing is kept.",
      "",
      "A synthetic checkpoint is also compared with what was generated: every byte is made once more.",
      "Data that is not what was saved ends it with status 3.",
      "",
      "Examples:",
      "  s3dlio ckpt load s3://bucket/run-7/ -o /data/run-7",
      "  s3dlio ckpt load --world 4 --rank 0 s3://bucket/run-7/ -o /data/run-7"
    })
final class CheckpointLoadCommand implements Callable<Integer> {

  @ParentCommand private CheckpointCommand group;

  @Mixin private CheckpointPlace place;

  @Option(names = "--step", paramLabel = "N", description = "Which one; the newest if not given.")
  private Long step;

  @Option(
      names = "--world",
      paramLabel = "RANKS",
      description = "Share the tensors among so many ranks.")
  private Integer world;

  @Option(
      names = "--rank",
      paramLabel = "R",
      description = "Only what this rank has, from 0; all ranks if not given.")
  private Integer rank;

  @Option(names = "-o", paramLabel = "DIR", description = "Where to; made if there is none.")
  private Path directory;

  @Option(
      names = "-j",
      paramLabel = "JOBS",
      converter = Arguments.JobCount.class,
      description = "Ranks in flight at a time, 1 to 4096; ${DEFAULT-VALUE} if not given.")
  private int jobs = 4;

  @Override
  public Integer call() throws IOException {
    if (world != null && world < 1) {
      throw CommandException.usage("--world is 1 or more: " + world);
    }
    try (CheckpointPlace.Opened opened = place.open(group.root(), jobs)) {
      Checkpoint checkpoint = opened.checkpoint(step);
      int ranks = world == null ? checkpoint.worldSize() : world;
      if (rank != null && (rank < 0 || rank >= ranks)) {
        throw CommandException.usage("--rank is 0 to " + (ranks - 1) + ": " + rank);
      }
      if (world != null) {
        requireTensors(checkpoint);
      }
      CheckpointLoad load = new CheckpointLoad(checkpoint, opened.store().pool());
      try (LandingDirectory landing = directory == null ? null : LandingDirectory.open(directory)) {
        return run(checkpoint, load, landing, ranks);
      }
    }
  }

  private int run(Checkpoint checkpoint, CheckpointLoad load, LandingDirectory landing, int ranks)
      throws IOException {
    IntStream wanted = rank == null ? IntStream.range(0, ranks) : IntStream.of(rank);
    try (Transfer transfer = new Transfer(group.root(), "ckpt load", jobs, OptionalLong.empty())) {
      transfer.<Integer>run(
          wanted.iterator(),
          (one, progress) ->
              world == null
                  ? load.asSaved(one, place.base(), landing)
                  : load.share(one, world, place.base(), landing));
      return transfer.finish(json -> json.writeNumberField("step", checkpoint.step()));
    }
  }

  private static void requireTensors(Checkpoint checkpoint) throws IOException {
    for (int saved = 0; saved < checkpoint.worldSize(); saved++) {
      if (checkpoint.isOpaque(saved)) {
        throw CommandException.failed(
            checkpoint
                + ": rank "
                + saved
                + " has saved bytes that only its trainer understands and that cannot be shared anew;"
                + " leave --world out");
      }
    }
  }
}
