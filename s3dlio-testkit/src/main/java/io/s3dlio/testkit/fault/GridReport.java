package io.s3dlio.testkit.fault;

import static java.nio.file.StandardOpenOption.APPEND;

import io.s3dlio.testkit.fault.GridScene.After;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Writes what a grid sees, for people: {@code target/fault-grid/NAME.txt} gets a line of each cell
 * as it ends, {@code NAME.md} sums in the end.
 */
final class GridReport {

  private static final Path DIRECTORY = Path.of("target", "fault-grid");

  private final String name;
  private final GridPlan plan;
  private final Map<GridOperation, Map<String, GridCell>> cells =
      new EnumMap<>(GridOperation.class);

  GridReport(String name, GridPlan plan) {
    this.name = name;
    this.plan = plan;
  }

  private Path file(String suffix) {
    return DIRECTORY.resolve(name.replaceAll("[^a-z0-9]+", "-") + suffix);
  }

  private String title() {
    return "%s: %d runs a cell or more, %d a group, seed %d"
        .formatted(name, plan.runs(), plan.ofGroup(), plan.seed());
  }

  void begin() throws IOException {
    Files.createDirectories(DIRECTORY);
    Files.write(file(".txt"), List.of(title(), GridCell.head()));
  }

  void ended(GridOperation operation, String fault, GridCell cell) throws IOException {
    cells.computeIfAbsent(operation, o -> new TreeMap<>()).put(fault, cell);
    Files.write(file(".txt"), List.of(cell.line(operation.name(), fault)), APPEND);
  }

  /** Writes the sums; returns the cells that were hit less often than they should. */
  List<String> end() throws IOException {
    List<String> tooFew = new ArrayList<>();
    GridCell total = sum();
    Map<String, GridCell> faults = new TreeMap<>();
    Map<GridGroup, GridCell> groups = new EnumMap<>(GridGroup.class);
    cells.forEach(
        (operation, row) ->
            row.forEach(
                (fault, cell) -> {
                  total.add(cell);
                  faults.computeIfAbsent(fault, f -> sum()).add(cell);
                  groups.computeIfAbsent(operation.group(), g -> sum()).add(cell);
                  if (cell.hit < cell.planned) {
                    tooFew.add(operation + ", " + fault + ": " + cell.hit);
                  }
                }));
    Files.write(file(".txt"), List.of(total.line("all", "all")), APPEND);
    List<String> lines = new ArrayList<>(List.of(title(), ""));
    lines.add(groups(groups));
    lines.add("");
    sums(faults, total, lines);
    lines.add("");
    errors(faults, lines);
    Files.write(file(".md"), lines);
    return tooFew;
  }

  private static GridCell sum() {
    return new GridCell(1, 0);
  }

  /** How many runs of each group were hit. */
  private static String groups(Map<GridGroup, GridCell> groups) {
    List<String> hits = new ArrayList<>();
    groups.forEach(
        (group, cell) -> hits.add(group.name().toLowerCase(Locale.ROOT) + " " + cell.hit));
    return "hit: " + String.join(", ", hits);
  }

  /** A row for each fault. */
  private static void sums(Map<String, GridCell> faults, GridCell total, List<String> lines) {
    lines.add(
        row(
            List.of(
                "",
                "fault",
                "hit",
                "right",
                "old",
                "new",
                "both",
                "wrong",
                "told",
                "errors were")));
    lines.add("|---:|---|---:|---:|---:|---:|---:|---:|---:|---|");
    int number = 0;
    for (Map.Entry<String, GridCell> entry : faults.entrySet()) {
      lines.add(sum("" + ++number, entry.getKey(), entry.getValue()));
    }
    lines.add(sum("", "all", total));
  }

  private static String sum(String number, String fault, GridCell cell) {
    List<String> columns = new ArrayList<>(List.of(number, fault));
    IntStream.of(
            cell.hit,
            cell.right,
            cell.errors(After.OLD),
            cell.errors(After.NEW),
            cell.errors(After.OLD_AND_NEW),
            cell.wrong,
            cell.told)
        .forEach(n -> columns.add("" + n));
    columns.add(cell.kinds());
    return row(columns);
  }

  /** A row for each operation, a column for each fault: how many runs ended in an error. */
  private void errors(Map<String, GridCell> faults, List<String> lines) {
    List<String> head = new ArrayList<>(List.of("operation"));
    IntStream.rangeClosed(1, faults.size()).forEach(n -> head.add("" + n));
    lines.add(row(head));
    lines.add("|---|" + "---:|".repeat(faults.size()));
    cells.forEach(
        (operation, row) -> {
          List<String> columns = new ArrayList<>(List.of(operation.name()));
          faults.keySet().forEach(fault -> columns.add(errors(row.get(fault))));
          lines.add(row(columns));
        });
  }

  private static String errors(GridCell cell) {
    if (cell == null || cell.chances == 0) {
      return "";
    }
    return cell.errors()
        + (cell.wrong > 0 ? " *" + cell.wrong + "*" : "")
        + (cell.told > 0 ? " (" + cell.told + ")" : "");
  }

  private static String row(List<String> columns) {
    return "| " + String.join(" | ", columns) + " |";
  }
}
