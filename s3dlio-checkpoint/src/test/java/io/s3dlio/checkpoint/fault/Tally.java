package io.s3dlio.checkpoint.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many points of a grid were tried, and what came of them. Not thread-safe. */
final class Tally {

  private final Map<String, Map<Result, Integer>> rows = new TreeMap<>();
  private final List<String> broken = new ArrayList<>();

  /** Of so many it is told how they were broken. */
  private static final int TOLD = 20;

  /** What came of a point. */
  enum Result {
    /** The fault was got over. */
    DONE,
    /** There was an error. */
    ERROR,
    /** What was written is damaged, and whoever reads it is told. */
    TOLD,
    /** A promise was broken. */
    BROKEN
  }

  void add(String row, Result result) {
    rows.computeIfAbsent(row, name -> new EnumMap<>(Result.class)).merge(result, 1, Integer::sum);
  }

  void broken(String row, String point, Throwable how) {
    add(row, Result.BROKEN);
    if (broken.size() == TOLD) {
      return;
    }
    StringBuilder text = new StringBuilder(point).append(": ").append(how);
    for (StackTraceElement frame : how.getStackTrace()) {
      if (frame.getClassName().startsWith("io.s3dlio.checkpoint")) {
        text.append("\n    at ").append(frame);
      }
    }
    broken.add(text.toString());
  }

  /** What was broken, at which points. */
  List<String> broken() {
    return broken;
  }

  int points() {
    return rows.values().stream()
        .mapToInt(row -> row.values().stream().mapToInt(Integer::intValue).sum())
        .sum();
  }

  /** Leaves a report, in place of an earlier one of that name. */
  void write(String name, String more) throws IOException {
    Path report = Path.of("target", "checkpoint-faults", name + ".md");
    Files.createDirectories(report.getParent());
    Files.writeString(report, this + more);
  }

  /** A table in Markdown. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("| what | points | got over | error | told | broken |\n");
    text.append("|---|---|---|---|---|---|\n");
    rows.forEach((name, row) -> line(text, name, row));
    Map<Result, Integer> all = new EnumMap<>(Result.class);
    rows.values().forEach(row -> row.forEach((result, n) -> all.merge(result, n, Integer::sum)));
    line(text, "all", all);
    return text.toString();
  }

  private static void line(StringBuilder text, String name, Map<Result, Integer> row) {
    int sum = row.values().stream().mapToInt(Integer::intValue).sum();
    text.append("| ").append(name).append(" | ").append(sum);
    for (Result result : Result.values()) {
      text.append(" | ").append(row.getOrDefault(result, 0));
    }
    text.append(" |\n");
  }
}
