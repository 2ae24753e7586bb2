package io.s3dlio.testkit.fault;

import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.testkit.fault.GridScene.After;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was seen of an operation under a fault; or, as a sum, of several. */
final class GridCell {

  private static final String LINE = "%-14s %-24s %5s %6s %5s %5s %5s %6s %5s  %s";

  /** How many requests of a run the fault could hit. */
  final int chances;

  /** How many runs were to be hit. */
  final int planned;

  int hit;
  int idle;
  int right;
  int wrong;
  int told;
  int lost;

  /** What broke a promise; null if nothing did. */
  String broken;

  private final Map<After, Integer> after = new EnumMap<>(After.class);
  private final Map<Kind, Integer> failed = new TreeMap<>();

  GridCell(int chances, int planned) {
    this.chances = chances;
    this.planned = planned;
  }

  void failed(Kind kind, After now) {
    failed.merge(kind, 1, Integer::sum);
    after.merge(now, 1, Integer::sum);
  }

  void add(GridCell other) {
    hit += other.hit;
    idle += other.idle;
    right += other.right;
    wrong += other.wrong;
    told += other.told;
    lost += other.lost;
    other.after.forEach((now, times) -> after.merge(now, times, Integer::sum));
    other.failed.forEach((kind, times) -> failed.merge(kind, times, Integer::sum));
  }

  int errors() {
    return failed.values().stream().mapToInt(Integer::intValue).sum();
  }

  int errors(After now) {
    return after.getOrDefault(now, 0);
  }

  /** The kinds of the errors, and how many of each. */
  String kinds() {
    List<String> all = new ArrayList<>();
    failed.forEach((kind, times) -> all.add(kind + " " + times));
    return String.join(", ", all);
  }

  static String head() {
    return LINE.formatted(
        "operation", "fault", "hit", "right", "old", "new", "both", "wrong", "told", "errors");
  }

  String line(String operation, String fault) {
    if (chances == 0) {
      return LINE.formatted(
          operation, fault, "-", "-", "-", "-", "-", "-", "-", "nothing to strike");
    }
    List<String> rest = new ArrayList<>();
    if (errors() > 0) {
      rest.add(kinds());
    }
    if (lost > 0) {
      rest.add("uploads lost " + lost);
    }
    if (idle > 0) {
      rest.add("not hit " + idle);
    }
    if (broken != null) {
      rest.add("BROKEN: " + broken.replaceAll("\\s+", " "));
    }
    return LINE.formatted(
            operation,
            fault,
            hit,
            right,
            errors(After.OLD),
            errors(After.NEW),
            errors(After.OLD_AND_NEW),
            wrong,
            told,
            String.join(", ", rest))
        .stripTrailing();
  }
}
