package io.s3dlio.cli;

import io.s3dlio.checkpoint.Checkpoint;
import io.s3dlio.checkpoint.CheckpointInfo;
import java.io.IOException;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ckpt show}. */
@Command(
    name = "show",
    description = {"Shows what is known of a checkpoint.", ""},
    customSynopsis = "s3dlio ckpt show [--step N] BASE",
    footer = {
      "",
      "With --json, what ls says, and {\"attempt\",\"slot\",\"notes\",\"shards\"}: the size of each rank's.",
      "",
      "Examples:",
      "  s3dlio ckpt show s3://bucket/run-7/",
      "  s3dlio ckpt show --step 100 --json s3://bucket/run-7/"
    })
final class CheckpointShowCommand implements Callable<Integer> {

  @ParentCommand private CheckpointCommand group;

  @Mixin private CheckpointPlace place;

  @Option(names = "--step", paramLabel = "N", description = "Which one; the newest if not given.")
  private Long step;

  @Override
  public Integer call() throws IOException {
    try (CheckpointPlace.Opened opened = place.open(group.root(), 1)) {
      Checkpoint checkpoint = opened.checkpoint(step);
      if (group.root().output().isJson()) {
        writeJson(checkpoint);
      } else {
        writeLines(checkpoint);
      }
    }
    return ExitStatus.DONE;
  }

  private void writeJson(Checkpoint checkpoint) throws IOException {
    Map<String, String> notes = checkpoint.notes();
    group
        .root()
        .output()
        .json(
            json -> {
              CheckpointLines.fields(json, checkpoint.info());
              json.writeStringField("attempt", checkpoint.info().attempt().toString());
              json.writeNumberField("slot", checkpoint.info().slot());
              json.writeObjectFieldStart("notes");
              for (Map.Entry<String, String> note : notes.entrySet()) {
                json.writeStringField(note.getKey(), note.getValue());
              }
              json.writeEndObject();
              json.writeArrayFieldStart("shards");
              for (int rank = 0; rank < checkpoint.worldSize(); rank++) {
                json.writeNumber(checkpoint.shardSize(rank));
              }
              json.writeEndArray();
            });
  }

  private void writeLines(Checkpoint checkpoint) throws IOException {
    CheckpointInfo info = checkpoint.info();
    LongSummaryStatistics shards =
        IntStream.range(0, info.worldSize()).mapToLong(checkpoint::shardSize).summaryStatistics();
    line("step", info.step());
    line("committed", info.committed());
    line("size", info.bytes() + " (" + Units.bytes(info.bytes()) + ")");
    line("tensors", info.tensors());
    line("ranks", info.worldSize());
    line("a rank's", Units.bytes(shards.getMin()) + " to " + Units.bytes(shards.getMax()));
    line("attempt", info.attempt());
    line("slot", info.slot());
    for (Map.Entry<String, String> note : checkpoint.notes().entrySet()) {
      line("note " + note.getKey(), note.getValue());
    }
  }

  private void line(String name, Object value) throws IOException {
    group.root().output().line(String.format("%-10s %s", name + ":", value));
  }
}
