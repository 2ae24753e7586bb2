package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which checkpoints are kept: those that any of its rules keeps. Immutable. The newest is kept
 * whatever the rules say, and so is what others refer to.
 */
public final class Retention {

  /** A rule. */
  private interface Rule {
    List<Ledger.Live> kept(List<Ledger.Live> all, CheckpointReader reader)
        throws ObjectStoreException;
  }

  private final List<Rule> rules;

  private Retention(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Nothing but the newest. */
  public static final Retention NEWEST = new Retention(List.of());

  private Retention or(Rule rule) {
    List<Rule> more = new ArrayList<>(rules);
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
    checkCount(count);
    return or((all, reader) -> all.subList(Math.max(0, all.size() - count), all.size()));
  }

  private static void checkCount(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("keep 1 or more: " + count);
    }
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
    return or(
        (all, reader) -> all.stream().filter(one -> one.commit().step() % steps == 0).toList());
  }

  /**
   * Keeps those committed since a time, too, by the clocks of those who committed them.
   *
   * @param time from when on
   * @return a copy
   */
  public Retention orSince(Instant time) {
    return or(
        (all, reader) ->
            all.stream()
                .filter(one -> !one.commit().summary().committed().isBefore(time))
                .toList());
  }

  /**
   * Keeps those with the least of a number that rank 0 has noted, such as the loss, too.
   * Checkpoints without such a note, or with one that is no number, count as the worst; of those
   * that are equally good, the last ones are kept. If none has the note, that is taken for a
   * mistake in its name: {@link CheckpointStore#retain} fails with an error of kind INVALID.
   *
   * @param count how many, 1 or more
   * @param note its name, see {@link CheckpointWriter#note}
   * @return a copy
   */
  public Retention orLeast(int count, String note) {
    checkCount(count);
    return or((all, reader) -> best(all, reader, count, note, 1));
  }

  /**
   * Keeps those with the most of a number that rank 0 has noted, such as the accuracy, too. What
   * has no such note counts as with {@link #orLeast}.
   *
   * @param count how many, 1 or more
   * @param note its name, see {@link CheckpointWriter#note}
   * @return a copy
   */
  public Retention orMost(int count, String note) {
    checkCount(count);
    return or((all, reader) -> best(all, reader, count, note, -1));
  }

  private static List<Ledger.Live> best(
      List<Ledger.Live> all, CheckpointReader reader, int count, String note, int sign)
      throws ObjectStoreException {
    record Scored(Ledger.Live live, double score) {}
    List<Scored> scored = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    for (Ledger.Live live : all) {
      Map<String, String> notes = reader.open(live).notes();
      names.addAll(notes.keySet());
      scored.add(new Scored(live, sign * number(notes.getOrDefault(note, ""))));
    }
    if (!all.isEmpty() && !names.contains(note)) {
      throw reader.invalid("no checkpoint has a note '" + note + "'; there are " + names);
    }
    Comparator<Scored> bestFirst = Comparator.comparingDouble(Scored::score); // NaN is the last
    scored.sort(bestFirst.thenComparing(one -> -one.live().slot()));
    return scored.stream().limit(count).map(Scored::live).toList();
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** Which are kept. */
  Set<Ledger.Live> kept(Ledger ledger, CheckpointReader reader) throws ObjectStoreException {
    Set<Ledger.Live> kept = new HashSet<>();
    ledger.newest().ifPresent(kept::add);
    for (Rule rule : rules) {
      kept.addAll(rule.kept(ledger.live(), reader));
    }
    return kept;
  }
}
