package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Which checkpoints are kept: those that any of its rules keeps. Immutable. The newest is kept
 * whatever the rules say, and so is what others refer to.
 */
public final class Retention {

  /** A rule. */
  private interface Rule {
    Set<UUID> kept(List<CheckpointInfo> all, CheckpointReader reader) throws ObjectStoreException;
  }

  private final List<Rule> rules;

  private Retention(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Nothing but the newest. */
  public static final Retention NEWEST = new Retention(List.of());

  private Retention or(Rule rule) {
    List<Rule> more = new java.util.ArrayList<>(rules);
    more.add(rule);
    return new Retention(more);
  }

  /**
   * Keeps the last ones, too.
   *
   * @param count how many, 1 or more
   * @return a copy
   */
  public Retention orLast(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("keep 1 or more: " + count);
    }
    return or((all, reader) -> ids(all.subList(Math.max(0, all.size() - count), all.size())));
  }

  /**
   * Keeps those whose step is a multiple, too.
   *
   * @param steps 1 or more
   * @return a copy
   */
  public Retention orEvery(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("keep every 1 or more: " + steps);
    }
    return or((all, reader) -> ids(all.stream().filter(one -> one.step() % steps == 0).toList()));
  }

  /**
   * Keeps those committed since a time, too, by the clocks of those who committed them.
   *
   * @param time from when on
   * @return a copy
   */
  public Retention orSince(Instant time) {
    return or(
        (all, reader) -> ids(all.stream().filter(one -> !one.committed().isBefore(time)).toList()));
  }

  /**
   * Keeps those with the least of a number that rank 0 has noted, such as the loss, too.
   * Checkpoints without such a note count as the worst.
   *
   * @param count how many, 1 or more
   * @param note its name, see {@link CheckpointWriter#note}
   * @return a copy
   */
  public Retention orLeast(int count, String note) {
    return or((all, reader) -> best(all, reader, count, note, 1));
  }

  /**
   * Keeps those with the most of a number that rank 0 has noted, such as the accuracy, too.
   * Checkpoints without such a note count as the worst.
   *
   * @param count how many, 1 or more
   * @param note its name, see {@link CheckpointWriter#note}
   * @return a copy
   */
  public Retention orMost(int count, String note) {
    return or((all, reader) -> best(all, reader, count, note, -1));
  }

  private static Set<UUID> best(
      List<CheckpointInfo> all, CheckpointReader reader, int count, String note, int sign)
      throws ObjectStoreException {
    if (count < 1) {
      throw new IllegalArgumentException("keep 1 or more: " + count);
    }
    record Scored(CheckpointInfo info, double score) {}
    List<Scored> scored = new java.util.ArrayList<>();
    for (CheckpointInfo info : all) {
      String value = reader.at(info.step()).notes().getOrDefault(note, "NaN");
      double score = sign * number(value);
      if (!Double.isNaN(score)) {
        scored.add(new Scored(info, score));
      }
    }
    scored.sort(Comparator.comparingDouble(Scored::score));
    return ids(scored.stream().limit(count).map(Scored::info).toList());
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static Set<UUID> ids(List<CheckpointInfo> some) {
    Set<UUID> ids = new HashSet<>();
    some.forEach(one -> ids.add(one.attempt()));
    return ids;
  }

  /** The attempts that are kept. */
  Set<UUID> kept(List<CheckpointInfo> all, CheckpointReader reader) throws ObjectStoreException {
    Set<UUID> kept = new HashSet<>();
    if (!all.isEmpty()) {
      kept.add(all.get(all.size() - 1).attempt());
    }
    for (Rule rule : rules) {
      kept.addAll(rule.kept(all, reader));
    }
    return kept;
  }
}
