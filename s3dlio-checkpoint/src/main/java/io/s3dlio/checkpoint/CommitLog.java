package io.s3dlio.checkpoint;

import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectAlreadyExistsException;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.checkpoint.Append.Created;
import io.s3dlio.checkpoint.Append.Need;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The log of a place, in its store: one object a record, created if absent and never changed. A
 * hint tells about where it ends; it may be old, damaged or missing, and is not trusted.
 * Thread-safe.
 */
final class CommitLog {

  /** After these a record may be there or not, and another try is harmless. */
  private static final Set<Kind> AMBIGUOUS =
      EnumSet.of(Kind.TIMEOUT, Kind.UNAVAILABLE, Kind.THROTTLED, Kind.UNKNOWN);

  /** How often a record is sent that does not arrive. */
  private static final int MOST_TRIES = 5;

  private final ObjectStore store;
  private final ObjectUri base;

  /**
   * Over a store, which stays the caller's.
   *
   * @param base ends with a slash
   */
  CommitLog(ObjectStore store, ObjectUri base) {
    this.store = store;
    this.base = base;
  }

  private ObjectUri slot(long slot) {
    return base.resolve(String.format(Locale.ROOT, "log/%020d", slot));
  }

  private ObjectUri hint() {
    return base.resolve("latest.json");
  }

  /** The record of a slot; empty if there is none. */
  Optional<LogRecord> read(long slot) throws ObjectStoreException {
    ObjectUri uri = slot(slot);
    try (BytesView bytes = store.get(uri)) {
      LogRecord record = RecordText.decode(copy(bytes));
      if (record.slot() != slot) {
        throw new IOException("it is the record of slot " + record.slot());
      }
      return Optional.of(record);
    } catch (ObjectNotFoundException e) {
      return Optional.empty();
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw new ObjectStoreException(
          Kind.CHECKSUM_MISMATCH,
          "checkpoint",
          uri,
          "this record of the log cannot be read: " + e.getMessage(),
          e);
    }
  }

  private static byte[] copy(BytesView bytes) throws IOException {
    if (bytes.size() > RecordText.LIMIT) {
      throw new IOException("it has " + bytes.size() + " bytes");
    }
    return bytes.toByteArray();
  }

  /** The last record; empty if there is none. */
  Optional<LogRecord> last() throws ObjectStoreException {
    Optional<LogRecord> last = Optional.empty();
    long next = 0;
    Optional<LogRecord> hinted = hinted();
    if (hinted.isPresent()) {
      last = hinted;
      next = hinted.get().slot() + 1;
    }
    for (Optional<LogRecord> found = read(next); found.isPresent(); found = read(++next)) {
      last = found;
    }
    return last;
  }

  private Optional<LogRecord> hinted() throws ObjectStoreException {
    try (BytesView bytes = store.get(hint())) {
      String text = new String(copy(bytes), StandardCharsets.UTF_8).strip();
      return text.matches("[0-9]{1,18}") ? read(Long.parseLong(text)) : Optional.empty();
    } catch (ObjectNotFoundException e) {
      return Optional.empty();
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      return Optional.empty(); // a hint that is no hint
    }
  }

  /**
   * Makes a change.
   *
   * @param since the last record when the attempt began, before anybody could know of it
   * @return the record that makes it, this one or an equal one
   */
  LogRecord append(Change change, Optional<LogRecord> since) throws ObjectStoreException {
    Append append = Append.of(change, since);
    int tries = 0;
    while (true) {
      if (append.need() instanceof Need.Read read) {
        append = append.read(read(read.slot()));
      } else if (append.need() instanceof Need.Create create) {
        append = append.created(create(create.record(), ++tries));
      } else if (append.need() instanceof Need.Done done) {
        hint(done.record());
        return done.record();
      } else {
        throw new ObjectStoreException(
            Kind.PRECONDITION_FAILED,
            "checkpoint",
            base,
            ((Need.Refused) append.need()).why(),
            null);
      }
    }
  }

  private Created create(LogRecord record, int tries) throws ObjectStoreException {
    ByteBuffer text = ByteBuffer.wrap(RecordText.encode(record));
    try {
      store.put(
          slot(record.slot()),
          ByteSources.of(text),
          PutOptions.DEFAULT.withMode(PutMode.CREATE).withContentType("application/json"));
      return Created.YES;
    } catch (ObjectAlreadyExistsException e) {
      return Created.TAKEN;
    } catch (ObjectStoreException e) {
      if (tries < MOST_TRIES && AMBIGUOUS.contains(e.kind())) {
        return Created.UNKNOWN;
      }
      throw e;
    }
  }

  /** Whoever reads next is faster with it; nothing depends on it. */
  private void hint(LogRecord record) {
    byte[] text = Long.toString(record.slot()).getBytes(StandardCharsets.UTF_8);
    try {
      store.put(hint(), ByteBuffer.wrap(text));
    } catch (ObjectStoreException e) {
      System.getLogger("io.s3dlio.checkpoint")
          .log(System.Logger.Level.DEBUG, "no hint was written", e);
    }
  }
}
