package io.s3dlio.cli;

import io.s3dlio.ByteSinks;
import io.s3dlio.checkpoint.Checkpoint;
import io.s3dlio.checkpoint.CheckpointInfo;
import io.s3dlio.checkpoint.CheckpointReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ckpt verify}. */
@Command(
    name = "verify",
    description = {"Reads checkpoints and compares them with their checksums.", ""},
    customSynopsis = {
      "s3dlio ckpt verify [--step N] [-j JOBS] BASE",
      "       s3dlio ckpt verify --all [-j JOBS] BASE"
    },
    footer = {
      "",
      "The log names the SHA-256 of the manifest, that those of the shards' descriptions, and these the",
      "checksums of all bytes. Data that is wrong is told by step, rank, tensor and offset, and ends it",
      "with status 3; the rest is verified all the same.",
      "",
      "Examples:",
      "  s3dlio ckpt verify s3://bucket/run-7/",
      "  s3dlio ckpt verify --all s3://bucket/run-7/"
    })
final class CheckpointVerifyCommand implements Callable<Integer> {

  @ParentCommand private CheckpointCommand group;

  @Mixin private CheckpointPlace place;

  @Option(names = "--step", paramLabel = "N", description = "Which one; the newest if not given.")
  private Long step;

  @Option(
      names = "--all",
      description =
          "All checkpoints, and the whole log: that each record is the one that the next names.")
  private boolean all;

  @Option(
      names = "-j",
      paramLabel = "JOBS",
      converter = Arguments.JobCount.class,
      description = "Shards in flight at a time, 1 to 4096; ${DEFAULT-VALUE} if not given.")
  private int jobs = 4;

  /** What one rank has saved. */
  private record Shard(Checkpoint checkpoint, int rank) {}

  @Override
  public Integer call() throws IOException {
    if (all && step != null) {
      throw CommandException.usage("--all and --step exclude each other");
    }
    try (CheckpointPlace.Opened opened = place.open(group.root(), jobs);
        Transfer transfer = new Transfer(group.root(), "ckpt verify", jobs, OptionalLong.empty())) {
      transfer.run(shards(opened, transfer).iterator(), (shard, progress) -> verify(shard));
      return transfer.finish();
    }
  }

  private List<Shard> shards(CheckpointPlace.Opened opened, Transfer transfer) throws IOException {
    List<Shard> shards = new ArrayList<>();
    if (!all) {
      add(shards, opened.checkpoint(step));
      return shards;
    }
    CheckpointReader reader = opened.history().reader();
    for (CheckpointInfo info : reader.history()) {
      if (!info.retired()) {
        try {
          add(shards, reader.at(info.step()));
        } catch (IOException e) {
          transfer.failed(e);
        }
      }
    }
    return shards;
  }

  private static void add(List<Shard> shards, Checkpoint checkpoint) {
    for (int rank = 0; rank < checkpoint.worldSize(); rank++) {
      shards.add(new Shard(checkpoint, rank));
    }
  }

  private static long verify(Shard shard) throws IOException {
    shard.checkpoint.readShard(shard.rank, ByteSinks.nowhere());
    return shard.checkpoint.shardSize(shard.rank);
  }
}
