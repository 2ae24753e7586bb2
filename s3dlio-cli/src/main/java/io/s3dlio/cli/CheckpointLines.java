package io.s3dlio.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.s3dlio.checkpoint.CheckpointInfo;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;

/** Checkpoints as they are listed. */
final class CheckpointLines {

  private CheckpointLines() {}

  static void write(Output output, Collection<CheckpointInfo> checkpoints) throws IOException {
    if (output.isJson()) {
      for (CheckpointInfo checkpoint : checkpoints) {
        output.json(json -> fields(json, checkpoint));
      }
    } else if (!checkpoints.isEmpty()) {
      Table table = new Table("step", "committed", "size", "tensors", "ranks", "");
      for (CheckpointInfo checkpoint : checkpoints) {
        table.row(
            String.valueOf(checkpoint.step()),
            checkpoint.committed().truncatedTo(ChronoUnit.SECONDS).toString(),
            Units.bytes(checkpoint.bytes()),
            String.valueOf(checkpoint.tensors()),
            String.valueOf(checkpoint.worldSize()),
            checkpoint.retired() ? "given up" : "");
      }
      for (String line : table.lines()) {
        output.line(line.stripTrailing());
      }
    }
  }

  static void write(Output output, CheckpointInfo checkpoint) throws IOException {
    write(output, List.of(checkpoint));
  }

  static void fields(JsonGenerator json, CheckpointInfo checkpoint) throws IOException {
    json.writeNumberField("step", checkpoint.step());
    json.writeStringField("committed", checkpoint.committed().toString());
    json.writeNumberField("bytes", checkpoint.bytes());
    json.writeNumberField("tensors", checkpoint.tensors());
    json.writeNumberField("worldSize", checkpoint.worldSize());
    json.writeBooleanField("retired", checkpoint.retired());
  }
}
