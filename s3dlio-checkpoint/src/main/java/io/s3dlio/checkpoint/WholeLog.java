package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The log from its first record on, which tells what the last one does not: what was ever given up.
 * Records do not change, so each is read once and only what follows is read later. Thread-safe.
 */
final class WholeLog {

  private final CommitLog log;
  private final Set<UUID> named = new HashSet<>();
  private Optional<LogRecord> last = Optional.empty();

  WholeLog(CommitLog log) {
    this.log = log;
  }

  /**
   * What the log says of an attempt.
   *
   * @param last the last record; none if the log is empty
   * @param givenUp whether it was aborted, or is a checkpoint no more
   */
  record About(Optional<LogRecord> last, boolean givenUp) {}

  /** What it says now. */
  synchronized About about(UUID attempt) throws ObjectStoreException {
    readOn();
    boolean live = Ledger.after(last).of(attempt).isPresent();
    return new About(last, !live && named.contains(attempt));
  }

  private void readOn() throws ObjectStoreException {
    if (last.isPresent() && !log.read(last.get().slot()).equals(last)) { // the place was emptied
      last = Optional.empty();
      named.clear();
    }
    last = log.readOn(last, record -> named.add(record.change().attempt()));
  }
}
