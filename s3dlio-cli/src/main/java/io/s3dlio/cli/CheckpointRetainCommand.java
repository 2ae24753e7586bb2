package io.s3dlio.cli;

import io.s3dlio.checkpoint.CheckpointInfo;
import io.s3dlio.checkpoint.CheckpointStore;
import io.s3dlio.checkpoint.Retention;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ckpt retain}. */
@Command(
    name = "retain",
    description = {"Gives up the checkpoints that need not be kept, and deletes their bytes.", ""},
    customSynopsis = {
      "s3dlio ckpt retain [--keep-last N] [--keep-every STEPS] [--keep-best N:NOTE[:max]]...",
      "                          [--newer-than TIME] [-n] BASE"
    },
    footer = {
      "",
      "What any rule keeps is kept; so is the newest, and what others refer to. Lists what was given up,",
      "as ls does. Who still reads one of those gets an error that says so. What has no such note is the",
      "worst to --keep-best; if nothing has it, that is an error, and nothing is given up.",
      "",
      "Examples:",
      "  s3dlio ckpt retain --keep-last 3 --keep-every 1000 s3://bucket/run-7/",
      "  s3dlio ckpt retain --keep-best 2:loss --newer-than 36h s3://bucket/run-7/"
    })
final class CheckpointRetainCommand implements Callable<Integer> {

  private static final Pattern BEST = Pattern.compile("([0-9]{1,9}):(.+?)(:max)?");
  private static final Pattern AGO = Pattern.compile("([0-9]{1,9})([dhm])");

  @ParentCommand private CheckpointCommand group;

  @Mixin private CheckpointPlace place;

  @Option(names = "--keep-last", paramLabel = "N", description = "The last N.")
  private Integer last;

  @Option(
      names = "--keep-every",
      paramLabel = "STEPS",
      description = "Those whose step is a multiple.")
  private Long every;

  @Option(
      names = "--keep-best",
      paramLabel = "N:NOTE[:max]",
      description =
          "The N with the least of a number that was noted when they were saved, such as 2:loss; with"
              + " :max, with the most.")
  private List<String> best = new ArrayList<>();

  @Option(
      names = "--newer-than",
      paramLabel = "TIME",
      description =
          "Those committed since then: 2026-01-31T12:00:00Z, or so long ago: 7d, 36h, 90m. By the"
              + " clocks of those who committed.")
  private String since;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Lists what would be given up, and changes nothing.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException {
    Retention retention = retention();
    Root root = group.root();
    try (CheckpointPlace.Opened opened = place.open(root, 1)) {
      CheckpointStore history = opened.history();
      Collection<CheckpointInfo> retired =
          dryRun ? history.expendable(retention) : history.retain(retention);
      CheckpointLines.write(root.output(), retired);
    }
    return ExitStatus.DONE;
  }

  private Retention retention() throws CommandException {
    if (last == null && every == null && best.isEmpty() && since == null) {
      throw CommandException.usage("say what to keep, such as --keep-last 3");
    }
    Retention retention = Retention.NEWEST;
    try {
      retention = last == null ? retention : retention.orLast(last);
      retention = every == null ? retention : retention.orEvery(every);
      retention = since == null ? retention : retention.orSince(time(since));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
    for (String rule : best) {
      Matcher parts = BEST.matcher(rule);
      if (!parts.matches() || Integer.parseInt(parts.group(1)) < 1) {
        throw CommandException.usage(
            "--keep-best is N:NOTE or N:NOTE:max, such as 2:loss or 1:accuracy:max: " + rule);
      }
      int count = Integer.parseInt(parts.group(1));
      retention =
          parts.group(3) == null
              ? retention.orLeast(count, parts.group(2))
              : retention.orMost(count, parts.group(2));
    }
    return retention;
  }

  private static Instant time(String text) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      long count = Long.parseLong(ago.group(1));
      Duration age =
          switch (ago.group(2)) {
            case "d" -> Duration.ofDays(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofMinutes(count);
          };
      return Instant.now().minus(age);
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "--newer-than is a time such as 2026-01-31T12:00:00Z, or an age such as 7d, 36h, 90m: "
              + text,
          e);
    }
  }
}
