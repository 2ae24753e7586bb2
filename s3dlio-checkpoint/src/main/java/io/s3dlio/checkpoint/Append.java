package io.s3dlio.checkpoint;

import java.util.Optional;

/**
 * How a change gets into the log, without the store: says what has to be done next, and becomes
 * another when it hears what came of it. Immutable, so that a test can try all that may happen.
 *
 * <p>Records are read one after the other up to the first slot that is empty; there the change is
 * created, if nothing that was read forbids it. What was read cannot change, and the slot can be
 * taken once: if it is still empty when the record arrives there, all that was looked at still
 * holds.
 *
 * @param change what is to be done
 * @param slot the next to read or to create
 * @param last the record before that slot
 * @param sent what was sent to that slot, with no answer or a refusal; perhaps it is there
 * @param need what has to be done
 */
record Append(
    Change change, long slot, Optional<LogRecord> last, Optional<LogRecord> sent, Need need) {

  /** What has to be done, or how it ended. */
  sealed interface Need {
    /** Read a slot. */
    record Read(long slot) implements Need {}

    /** Create a record in its slot, if that is empty. */
    record Create(LogRecord record) implements Need {}

    /** The change is in the log. */
    record Done(LogRecord record) implements Need {}

    /** It is not, and will not be by this. */
    record Refused(String why) implements Need {}
  }

  /** What came of the attempt to create a record. */
  enum Created {
    /** It is there. */
    YES,
    /** The slot was taken, perhaps by an earlier arrival of the same. */
    TAKEN,
    /** There was no answer. */
    UNKNOWN
  }

  /**
   * Begins.
   *
   * @param change what is to be done
   * @param last a record of the log, or none for its beginning. For a commit: of a time before its
   *     attempt had a name that others could see, so that it cannot have been aborted before that
   */
  static Append of(Change change, Optional<LogRecord> last) {
    long slot = last.map(record -> record.slot() + 1).orElse(0L);
    return new Append(change, slot, last, Optional.empty(), new Need.Read(slot));
  }

  /** The slot was read. */
  Append read(Optional<LogRecord> found) {
    if (found.isEmpty()) {
      return sent.isPresent() ? needs(new Need.Create(sent.get())) : create();
    }
    LogRecord record = found.get();
    if (record.change().isSameAs(change)) {
      return needs(new Need.Done(record)); // this one, or somebody who wanted the same
    }
    boolean aborted =
        record.change() instanceof Change.Abort
            && record.change().attempt().equals(change.attempt());
    if (aborted && change instanceof Change.Commit) {
      return needs(new Need.Refused("the attempt was taken for dead and aborted; save it again"));
    }
    return of(change, found);
  }

  private Append create() {
    Ledger ledger = Ledger.after(last);
    Optional<String> refusal = ledger.refusal(change);
    if (refusal.isPresent()) {
      return needs(new Need.Refused(refusal.get()));
    }
    String previous = last.map(RecordText::hash).orElse("");
    LogRecord record = new LogRecord(slot, change, previous, ledger.with(change, slot));
    return new Append(change, slot, last, Optional.of(record), new Need.Create(record));
  }

  /** The record was sent. */
  Append created(Created what) {
    return needs(what == Created.YES ? new Need.Done(sent.orElseThrow()) : new Need.Read(slot));
  }

  private Append needs(Need next) {
    return new Append(change, slot, last, sent, next);
  }
}
