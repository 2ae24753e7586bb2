package io.s3dlio.checkpoint;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectAlreadyExistsException;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.checkpoint.Append.Created;
import io.s3dlio.checkpoint.Append.Need;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The log of a place, in its store: one object a record, created if absent and never changed. A
 * hint tells about where it ends; it may be old, damaged or missing, and is not trusted.
 * Thread-safe.
 */
final class CommitLog {

  /** After these a record may be there or not, and another try is harmless. */
  private static final Set<Kind> AMBIGUOUS =
      EnumSet.of(Kind.TIMEOUT, Kind.UNAVAILABLE, Kind.THROTTLED, Kind.UNKNOWN);

  /** How often a record is sent to a slot without an answer, or is not found there. */
  private static final int MOST_TRIES = 5;

  private static final int HINT_LIMIT = 64;

  private final ObjectStore store;
  private final Places places;
  private final Exclusive exclusive;

  /** Over a store, which stays the caller's. */
  CommitLog(ObjectStore store, Places places, Exclusive exclusive) {
    this.store = store;
    this.places = places;
    this.exclusive = exclusive;
  }

  /** The record of a slot; empty if there is none. */
  Optional<LogRecord> read(long slot) throws ObjectStoreException {
    ObjectUri uri = places.slot(slot);
    try {
      LogRecord record = RecordText.decode(SmallObject.read(store, uri, RecordText.LIMIT));
      if (record.slot() != slot) {
        throw new IOException("it is the record of slot " + record.slot());
      }
      return Optional.of(record);
    } catch (ObjectNotFoundException e) {
      return Optional.empty();
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw new CorruptCheckpointException(
          uri, "this record of the log cannot be read: " + e.getMessage(), e);
    }
  }

  /** The last record; empty if there is none. */
  Optional<LogRecord> last() throws ObjectStoreException {
    return lastFrom(hinted());
  }

  /**
   * The last record, by steps that double and then are halved: slots are taken without gaps.
   *
   * @param known a record, or none for the beginning
   */
  Optional<LogRecord> lastFrom(Optional<LogRecord> known) throws ObjectStoreException {
    Optional<LogRecord> last = known;
    long step = 1;
    boolean doubling = true;
    while (step > 0) {
      long next = last.map(LogRecord::slot).orElse(-1L) + step;
      Optional<LogRecord> found = read(next);
      doubling &= found.isPresent();
      last = found.isPresent() ? found : last;
      step = doubling ? step * 2 : step / 2;
    }
    return last;
  }

  private Optional<LogRecord> hinted() throws ObjectStoreException {
    try {
      byte[] hint = SmallObject.read(store, places.hint(), HINT_LIMIT);
      String text = new String(hint, StandardCharsets.UTF_8).strip();
      return text.matches("[0-9]{1,18}") ? read(Long.parseLong(text)) : Optional.empty();
    } catch (ObjectNotFoundException e) {
      return Optional.empty();
    } catch (CorruptCheckpointException e) {
      if (e.uri().equals(Optional.of(places.hint()))) {
        return Optional.empty(); // a hint that is no hint
      }
      throw e;
    }
  }

  /**
   * Reads all records after another one.
   *
   * @param before none to begin with the first
   * @param each hears them in their order
   * @return the last; that before, if there is none after it
   * @throws CorruptCheckpointException if one does not follow from the one before it
   */
  Optional<LogRecord> readOn(Optional<LogRecord> before, Consumer<LogRecord> each)
      throws ObjectStoreException {
    Optional<LogRecord> last = before;
    while (true) {
      Optional<LogRecord> next = read(last.map(record -> record.slot() + 1).orElse(0L));
      if (next.isEmpty()) {
        return last;
      }
      if (!next.get().follows(last)) {
        throw new CorruptCheckpointException(
            places.slot(next.get().slot()),
            "this record does not follow from the one before it",
            null);
      }
      each.accept(next.get());
      last = next;
    }
  }

  /** The first record about an attempt; empty if there is none yet. */
  Optional<LogRecord> first(SaveAttempt attempt) throws ObjectStoreException {
    long slot = attempt.after() + 1;
    Optional<LogRecord> record = read(slot);
    while (record.isPresent() && !record.get().change().attempt().equals(attempt.id())) {
      record = read(++slot);
    }
    return record;
  }

  /**
   * Makes a change.
   *
   * @param since the last record when the attempt began, before anybody could know of it
   * @return the record that makes it, this one or an equal one
   */
  LogRecord append(Change change, Optional<LogRecord> since) throws ObjectStoreException {
    return append(change, since, Long.MAX_VALUE).orElseThrow();
  }

  /**
   * Makes a change if the log still ends where it did.
   *
   * @param last the last record that is known, or none
   * @return the record that makes it; empty if another one came first, and nothing was changed
   */
  Optional<LogRecord> appendNext(Change change, Optional<LogRecord> last)
      throws ObjectStoreException {
    return append(change, last, last.map(LogRecord::slot).orElse(-1L) + 1);
  }

  private Optional<LogRecord> append(Change change, Optional<LogRecord> since, long lastSlot)
      throws ObjectStoreException {
    exclusive.check();
    Append append = Append.of(change, since);
    Created answer = Created.UNKNOWN;
    Tries tries = new Tries();
    while (append.slot() <= lastSlot) {
      if (append.need() instanceof Need.Read read) {
        append = append.read(read(read.slot()));
      } else if (append.need() instanceof Need.Create create) {
        answer = create(create.record(), tries);
        append = append.created(answer);
      } else if (append.need() instanceof Need.Done done) {
        if (answer == Created.YES) {
          hint(done.record());
        } else {
          settle(done.record());
        }
        return Optional.of(done.record());
      } else {
        throw places.refused(((Need.Refused) append.need()).why());
      }
    }
    return Optional.empty();
  }

  /**
   * Has a record that was read in the store for good, and those before it. Files can be read before
   * they are on the disk, and whoever wrote this one may be dead; but where one is there already, a
   * store says so when it is on the disk.
   */
  void settle(LogRecord record) throws ObjectStoreException {
    Tries tries = new Tries();
    Created answer;
    do {
      answer = create(record, tries);
    } while (answer == Created.UNKNOWN);
  }

  private Created create(LogRecord record, Tries tries) throws ObjectStoreException {
    tries.check(record.slot());
    try {
      put(record);
      return Created.YES;
    } catch (ObjectAlreadyExistsException e) {
      String why = "the store says that this record is there, and does not find it";
      tries.failed(new CorruptCheckpointException(places.slot(record.slot()), why, e));
      return Created.TAKEN;
    } catch (ObjectStoreException e) {
      if (!AMBIGUOUS.contains(e.kind())) {
        throw e;
      }
      tries.failed(e);
      return Created.UNKNOWN;
    }
  }

  /** How often a record was sent to a slot without an answer, or is not found there. */
  private static final class Tries {
    private long slot = -1;
    private int failed;
    private ObjectStoreException last;

    /** Throws why it does not arrive, if it was sent often enough. */
    void check(long next) throws ObjectStoreException {
      if (next != slot) {
        slot = next;
        failed = 0;
      }
      if (failed == MOST_TRIES) {
        throw last;
      }
    }

    void failed(ObjectStoreException why) {
      failed++;
      last = why;
    }
  }

  private void put(LogRecord record) throws ObjectStoreException {
    byte[] text = RecordText.encode(record);
    if (text.length > RecordText.LIMIT) { // which nobody could read
      throw places.refused(
          record.ledger().live().size()
              + " checkpoints are more than a record of the log can carry; retire some");
    }
    PutOptions options =
        PutOptions.DEFAULT.withMode(exclusive.mode()).withContentType("application/json");
    store.put(places.slot(record.slot()), ByteSources.of(ByteBuffer.wrap(text)), options);
  }

  /** Whoever reads next is faster with it; nothing depends on it. */
  private void hint(LogRecord record) {
    byte[] text = Long.toString(record.slot()).getBytes(StandardCharsets.UTF_8);
    try {
      store.put(places.hint(), ByteBuffer.wrap(text));
    } catch (ObjectStoreException e) {
      System.getLogger("io.s3dlio.checkpoint")
          .log(System.Logger.Level.DEBUG, "no hint was written", e);
    }
  }
}
