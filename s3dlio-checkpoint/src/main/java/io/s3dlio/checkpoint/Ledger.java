package io.s3dlio.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which checkpoints there are after a record of the log. Every record carries its own, so that the
 * last record is all that a reader needs. Immutable.
 *
 * <p>What it does not tell is which attempts were aborted, for that grows for ever. Whoever commits
 * has read all records since its attempt began; an attempt cannot be aborted before that.
 *
 * @param live the checkpoints, in the order in which they were committed; steps ascend
 */
record Ledger(List<Live> live) {

  /** Of a log without records. */
  static final Ledger EMPTY = new Ledger(List.of());

  /**
   * A checkpoint.
   *
   * @param commit what was committed
   * @param slot where in the log
   */
  record Live(Change.Commit commit, long slot) {}

  Ledger {
    live = List.copyOf(live);
  }

  /** Of a log whose last record this is. */
  static Ledger after(Optional<LogRecord> last) {
    return last.map(LogRecord::ledger).orElse(EMPTY);
  }

  /** The newest. */
  Optional<Live> newest() {
    return live.isEmpty() ? Optional.empty() : Optional.of(live.get(live.size() - 1));
  }

  Optional<Live> of(UUID attempt) {
    return live.stream().filter(one -> one.commit().attempt().equals(attempt)).findFirst();
  }

  Optional<Live> at(long step) {
    return live.stream().filter(one -> one.commit().step() == step).findFirst();
  }

  /** Why a change must not be made now; empty if it may be. */
  Optional<String> refusal(Change change) {
    if (change instanceof Change.Commit commit) {
      return refusal(commit);
    }
    Optional<Live> one = of(change.attempt());
    if (change instanceof Change.Abort) {
      return one.map(there -> "it is the checkpoint of step " + there.commit().step());
    }
    if (one.isEmpty()) {
      return Optional.of("there is no such checkpoint; it may have been retired");
    }
    return change instanceof Change.Retire ? refusalToRetire(one.get()) : Optional.empty();
  }

  private Optional<String> refusal(Change.Commit commit) {
    if (of(commit.attempt()).isPresent()) {
      return Optional.of("it is committed already");
    }
    for (UUID base : commit.bases()) {
      if (of(base).isEmpty()) {
        return Optional.of("the checkpoint whose bytes it refers to is gone");
      }
    }
    return refusalOfStep(commit.step());
  }

  /** Why a step must not be committed now; empty if it may be. */
  Optional<String> refusalOfStep(long step) {
    return newest()
        .filter(last -> last.commit().step() >= step)
        .map(
            last ->
                "step "
                    + last.commit().step()
                    + " is committed already, and steps ascend; roll back to an earlier one first");
  }

  private Optional<String> refusalToRetire(Live one) {
    if (newest().filter(one::equals).isPresent()) {
      return Optional.of("it is the newest");
    }
    return live.stream()
        .filter(other -> other.commit().bases().contains(one.commit().attempt()))
        .findFirst()
        .map(other -> "step " + other.commit().step() + " refers to its bytes");
  }

  /** After a change that is not refused. */
  Ledger with(Change change, long slot) {
    List<Live> after = new ArrayList<>(live);
    if (change instanceof Change.Commit commit) {
      after.add(new Live(commit, slot));
    } else if (change instanceof Change.Retire) {
      after.removeIf(one -> one.commit().attempt().equals(change.attempt()));
    } else if (change instanceof Change.Rollback) {
      long there = of(change.attempt()).orElseThrow().slot();
      after.removeIf(one -> one.slot() > there);
    }
    return new Ledger(after);
  }
}
