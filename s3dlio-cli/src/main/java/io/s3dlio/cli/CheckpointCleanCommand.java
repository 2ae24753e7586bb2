package io.s3dlio.cli;

import io.s3dlio.checkpoint.CheckpointStore;
import io.s3dlio.checkpoint.SaveAttempt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ckpt gc}. */
@Command(
    name = "gc",
    description = {"Deletes the bytes that no checkpoint needs, and says what else there is.", ""},
    customSynopsis = "s3dlio ckpt gc [--abort ATTEMPT]... BASE",
    footer = {
      "",
      "Deletes what is left of checkpoints that were given up, and of attempts that cannot become a",
      "checkpoint any more, as their step or a later one is committed, with the uploads and temporary",
      "files that their writers have not finished. Other attempts are under way or",
      "dead, which no clock can tell: they are listed, and --abort gives one up that nobody works on.",
      "",
      "With --json: {\"deleted\":[ATTEMPT],\"unfinished\":[{\"attempt\",\"step\",\"worldSize\"}]}.",
      "",
      "Examples:",
      "  s3dlio ckpt gc s3://bucket/run-7/",
      "  s3dlio ckpt gc --abort 0f8fad5b-d9cb-469f-a165-70867728950e s3://bucket/run-7/"
    })
final class CheckpointCleanCommand implements Callable<Integer> {

  @ParentCommand private CheckpointCommand group;

  @Mixin private CheckpointPlace place;

  @Option(
      names = "--abort",
      paramLabel = "ATTEMPT",
      description = "Give up this attempt to save, which can never become a checkpoint then.")
  private List<UUID> aborted = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    try (CheckpointPlace.Opened opened = place.open(group.root(), 1)) {
      CheckpointStore history = opened.history();
      List<UUID> deleted = new ArrayList<>();
      for (UUID id : aborted) {
        history.abort(unfinished(history, id));
        deleted.add(id);
      }
      deleted.addAll(history.clean());
      report(deleted, history.unfinished());
    }
    return ExitStatus.DONE;
  }

  private SaveAttempt unfinished(CheckpointStore history, UUID id) throws IOException {
    return history.unfinished().stream()
        .filter(attempt -> attempt.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                CommandException.failed(
                    "there is no unfinished attempt "
                        + id
                        + " below "
                        + place.base()
                        + "; `s3dlio ckpt gc` lists them"));
  }

  private void report(List<UUID> deleted, Collection<SaveAttempt> unfinished) throws IOException {
    Output output = group.root().output();
    if (output.isJson()) {
      output.json(
          json -> {
            json.writeArrayFieldStart("deleted");
            for (UUID id : deleted) {
              json.writeString(id.toString());
            }
            json.writeEndArray();
            json.writeArrayFieldStart("unfinished");
            for (SaveAttempt attempt : unfinished) {
              json.writeStartObject();
              json.writeStringField("attempt", attempt.id().toString());
              json.writeNumberField("step", attempt.step());
              json.writeNumberField("worldSize", attempt.worldSize());
              json.writeEndObject();
            }
            json.writeEndArray();
          });
      return;
    }
    output.line("deleted the bytes of " + Units.count(deleted.size(), "attempt"));
    for (SaveAttempt attempt : unfinished) {
      output.line(
          "unfinished: step "
              + attempt.step()
              + " of "
              + Units.count(attempt.worldSize(), "rank")
              + "; if nobody is saving it: s3dlio ckpt gc --abort "
              + attempt.id()
              + " "
              + place.base());
    }
  }
}
