package io.s3dlio.cli;

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
      "s3dlio ckpt verify [--step N] [--sample] BASE",
      "       s3dlio ckpt verify --all [--sample] BASE"
    },
    footer = {
      "",
      "The log names the SHA-256 of the manifest, that those of the shards' descriptions, and these the",
      "checksums of all bytes. Data that is wrong is told by step, rank, tensor and offset, and ends it",
      "with status 3; with --all the other checkpoints are verified all the same.",
      "",
      "Examples:",
      "  s3dlio ckpt verify s3://bucket/run-7/",
      "  s3dlio ckpt verify --all s3://bucket/run-7/"
    })
final class CheckpointVerifyCommand implements Callable<Integer> {

  /** Pieces of each shard. */
  private static final int SAMPLE = 16;

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
      names = "--sample",
      description =
          "Only "
              + SAMPLE
              + " pieces of up to 1 MiB of each rank's shard, at random; their bytes are not counted.")
  private boolean sample;

  @Override
  public Integer call() throws IOException {
    if (all && step != null) {
      throw CommandException.usage("--all and --step exclude each other");
    }
    try (CheckpointPlace.Opened opened = place.open(group.root(), 1);
        Transfer transfer = new Transfer(group.root(), "ckpt verify", 1, OptionalLong.empty())) {
      transfer.<Checkpoint>run(
          checkpoints(opened, transfer).iterator(), (checkpoint, progress) -> verify(checkpoint));
      return transfer.finish();
    }
  }

  private List<Checkpoint> checkpoints(CheckpointPlace.Opened opened, Transfer transfer)
      throws IOException {
    if (!all) {
      return List.of(opened.checkpoint(step));
    }
    List<Checkpoint> checkpoints = new ArrayList<>();
    CheckpointReader reader = opened.history().reader();
    for (CheckpointInfo info : reader.history()) {
      if (!info.retired()) {
        try {
          checkpoints.add(reader.at(info.step()));
        } catch (IOException e) {
          transfer.failed(e);
        }
      }
    }
    return checkpoints;
  }

  /** Returns how many bytes were compared; of a sample that is not known. */
  private long verify(Checkpoint checkpoint) throws IOException {
    if (sample) {
      checkpoint.verifySample(SAMPLE);
      return 0;
    }
    checkpoint.verify();
    return checkpoint.info().bytes();
  }
}
