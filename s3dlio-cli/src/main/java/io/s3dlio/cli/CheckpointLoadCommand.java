package io.s3dlio.cli;

import io.s3dlio.ByteSinks;
import io.s3dlio.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
    customSynopsis = "s3dlio ckpt load [--step N] [-j JOBS] BASE [-o DIR]",
    footer = {
      "",
      "Each rank's shard becomes DIR/rank-00000.safetensors, or .bin if the trainer alone understands",
      "it. A file appears under its name when it is complete and its checksums were right, in place",
      "of one that is there. Without -o, all is read and checked, and nothing is kept. Data that is",
      "not what was saved ends it with status 3.",
      "",
      "Examples:",
      "  s3dlio ckpt load s3://bucket/run-7/ -o /data/run-7",
      "  s3dlio ckpt load --step 100 s3://bucket/run-7/"
    })
final class CheckpointLoadCommand implements Callable<Integer> {

  @ParentCommand private CheckpointCommand group;

  @Mixin private CheckpointPlace place;

  @Option(names = "--step", paramLabel = "N", description = "Which one; the newest if not given.")
  private Long step;

  @Option(names = "-o", paramLabel = "DIR", description = "Where to; made if there is none.")
  private Path directory;

  @Option(
      names = "-j",
      paramLabel = "JOBS",
      converter = Arguments.JobCount.class,
      description = "Shards in flight at a time, 1 to 4096; ${DEFAULT-VALUE} if not given.")
  private int jobs = 4;

  @Override
  public Integer call() throws IOException {
    Root root = group.root();
    try (CheckpointPlace.Opened opened = place.open(root, jobs)) {
      Checkpoint checkpoint = opened.checkpoint(step);
      try (LandingDirectory landing = directory == null ? null : LandingDirectory.open(directory);
          Transfer transfer =
              new Transfer(root, "ckpt load", jobs, OptionalLong.of(checkpoint.info().bytes()))) {
        transfer.<Integer>run(
            IntStream.range(0, checkpoint.worldSize()).iterator(),
            (rank, progress) -> load(checkpoint, rank, landing));
        return transfer.finish(json -> json.writeNumberField("step", checkpoint.step()));
      }
    }
  }

  private long load(Checkpoint checkpoint, int rank, LandingDirectory landing) throws IOException {
    if (landing == null) {
      checkpoint.readShard(rank, ByteSinks.nowhere());
    } else {
      String suffix = checkpoint.isOpaque(rank) ? ".bin" : ".safetensors";
      String name = String.format(Locale.ROOT, "rank-%05d", rank) + suffix;
      landing.receive(
          place.base(),
          List.of(name),
          file -> {
            checkpoint.readShard(rank, file);
            return checkpoint.shardSize(rank);
          });
    }
    return checkpoint.shardSize(rank);
  }
}
