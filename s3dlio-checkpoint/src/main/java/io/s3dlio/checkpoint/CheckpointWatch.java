package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import java.time.Duration;
import java.util.Optional;

/**
 * Sees new checkpoints as they are committed. A look costs one small request. For one thread;
 * nothing is held open.
 */
public final class CheckpointWatch {

  private final CheckpointReader reader;
  private final Site site;
  private Optional<LogRecord> seen;
  private Optional<Ledger.Live> newest;

  CheckpointWatch(CheckpointReader reader, Site site, Optional<LogRecord> seen) {
    this.reader = reader;
    this.site = site;
    this.seen = seen;
    this.newest = newest(seen);
  }

  private static Optional<Ledger.Live> newest(Optional<LogRecord> record) {
    return record.flatMap(last -> last.ledger().newest());
  }

  /**
   * Looks whether another checkpoint is the newest, after a commit or a rollback.
   *
   * @return the newest, if it is another than at the last look
   * @throws ObjectStoreException what went wrong
   */
  public Optional<Checkpoint> poll() throws ObjectStoreException {
    seen = site.log().lastFrom(seen);
    Optional<Ledger.Live> now = newest(seen);
    if (now.isEmpty() || now.equals(newest)) {
      return Optional.empty();
    }
    try {
      Checkpoint opened = reader.open(now.get());
      newest = now;
      return Optional.of(opened);
    } catch (CheckpointGoneException e) {
      return Optional.empty(); // there is a newer one, or will be
    }
  }

  /**
   * Waits until another checkpoint is the newest.
   *
   * @param limit how long
   * @return the newest; empty if that has not happened
   * @throws ObjectStoreException what went wrong; of kind CANCELLED if the thread was interrupted
   */
  public Optional<Checkpoint> await(Duration limit) throws ObjectStoreException {
    return new Patience(limit, site.options().poll()).within(site.places().base(), this::poll);
  }
}
