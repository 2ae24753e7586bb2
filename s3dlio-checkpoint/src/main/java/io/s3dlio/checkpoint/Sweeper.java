package io.s3dlio.checkpoint;

import io.s3dlio.CommonPrefix;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Gives up and deletes. Nothing is deleted before the log says that it may be, and no clock is
 * asked: whoever still writes or reads finds out from the log.
 */
final class Sweeper {

  private final Site site;

  Sweeper(Site site) {
    this.site = site;
  }

  void abort(UUID attempt) throws ObjectStoreException {
    site.log().append(new Change.Abort(attempt), site.log().last());
    delete(attempt);
  }

  List<CheckpointInfo> retain(Retention retention, CheckpointReader reader)
      throws ObjectStoreException {
    List<CheckpointInfo> retired = new ArrayList<>();
    Plan plan = plan(retention, reader);
    while (!plan.expendable().isEmpty()) {
      Ledger.Live live = plan.expendable().get(0);
      UUID attempt = live.commit().attempt();
      Optional<LogRecord> record = site.log().appendNext(new Change.Retire(attempt), plan.last());
      if (record.isPresent()) {
        delete(attempt);
        retired.add(CheckpointInfo.of(live.commit(), live.slot(), true));
        plan = plan.after(record);
      } else { // others have changed what there is
        plan = plan(retention, reader);
      }
    }
    return retired;
  }

  List<Ledger.Live> expendable(Retention retention, CheckpointReader reader)
      throws ObjectStoreException {
    return plan(retention, reader).expendable();
  }

  /** What may go after a record of the log, one after the other. */
  private record Plan(Optional<LogRecord> last, List<Ledger.Live> expendable) {

    /** When the first of them has gone by this record. */
    Plan after(Optional<LogRecord> record) {
      return new Plan(record, expendable.subList(1, expendable.size()));
    }
  }

  private Plan plan(Retention retention, CheckpointReader reader) throws ObjectStoreException {
    while (true) {
      Optional<LogRecord> last = site.log().last();
      try {
        return new Plan(last, expendable(retention, reader, Ledger.after(last)));
      } catch (CheckpointGoneException e) {
        continue; // by a later record, while its notes were read
      }
    }
  }

  /** What need not be kept, in the order in which it may go: what others refer to goes last. */
  private static List<Ledger.Live> expendable(
      Retention retention, CheckpointReader reader, Ledger before) throws ObjectStoreException {
    List<Ledger.Live> expendable = new ArrayList<>(before.live());
    expendable.removeAll(retention.kept(before, reader));
    Collections.reverse(expendable);
    Ledger ledger = before;
    for (Iterator<Ledger.Live> each = expendable.iterator(); each.hasNext(); ) {
      Change retire = new Change.Retire(each.next().commit().attempt());
      if (ledger.refusal(retire).isPresent()) {
        each.remove();
      } else {
        ledger = ledger.with(retire, -1);
      }
    }
    return expendable;
  }

  List<UUID> clean() throws ObjectStoreException {
    List<UUID> cleaned = new ArrayList<>();
    for (UUID attempt : attempts()) {
      Optional<LogRecord> last = site.log().last();
      Ledger ledger = Ledger.after(last);
      if (ledger.of(attempt).isEmpty() && isDead(attempt, ledger)) {
        site.log().append(new Change.Abort(attempt), last);
        delete(attempt);
        cleaned.add(attempt);
      }
    }
    for (ListEntry entry : list(site.places().meetings(), ListOptions.ALL)) {
      Meeting meeting = new Meeting(site, entry.uri());
      Optional<SaveAttempt> attempt = meeting.look();
      if (attempt.isPresent() && site.log().first(attempt.get()).isPresent()) {
        meeting.end();
      }
    }
    return cleaned;
  }

  /**
   * Whether what is no checkpoint can never become one: since steps ascend, or it was one, or was
   * given up. What has no marker was being deleted.
   */
  private boolean isDead(UUID attempt, Ledger ledger) throws ObjectStoreException {
    Optional<SaveAttempt> marker = marker(attempt);
    return marker.isEmpty()
        || ledger.refusalOfStep(marker.get().step()).isPresent()
        || site.log().first(marker.get()).isPresent();
  }

  List<SaveAttempt> unfinished() throws ObjectStoreException {
    List<SaveAttempt> all = new ArrayList<>();
    for (UUID attempt : attempts()) {
      Optional<SaveAttempt> marker = marker(attempt);
      if (marker.isPresent() && site.log().first(marker.get()).isEmpty()) {
        all.add(marker.get());
      }
    }
    all.sort(Comparator.comparingLong(SaveAttempt::step));
    return all;
  }

  private Optional<SaveAttempt> marker(UUID attempt) throws ObjectStoreException {
    return SmallObject.attempt(site.store(), site.places().marker(attempt));
  }

  /** Whose data lies here. */
  private List<UUID> attempts() throws ObjectStoreException {
    return list(site.places().data(), ListOptions.ONE_LEVEL).stream()
        .filter(CommonPrefix.class::isInstance)
        .map(entry -> site.places().attemptOf(entry.uri()))
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * What is unfinished goes first: who still writes it can make no object of it then. The marker
   * goes last, so that what is left half-deleted is found again.
   */
  private void delete(UUID attempt) throws ObjectStoreException {
    abortUnfinished(attempt);
    ObjectUri marker = site.places().marker(attempt);
    List<ObjectUri> uris = new ArrayList<>();
    for (ListEntry entry : list(site.places().attempt(attempt), ListOptions.ALL)) {
      if (!entry.uri().equals(marker)) {
        uris.add(entry.uri());
      }
    }
    site.store().deleteAll(uris);
    site.store().delete(marker);
  }

  private List<ListEntry> list(ObjectUri prefix, ListOptions options) throws ObjectStoreException {
    try (Stream<ListEntry> entries = site.store().list(prefix, options)) {
      return entries.toList();
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof ObjectStoreException known) {
        throw known;
      }
      throw e;
    }
  }

  private void abortUnfinished(UUID attempt) throws ObjectStoreException {
    try {
      site.store().abortUnfinished(site.places().attempt(attempt));
    } catch (ObjectStoreException e) {
      if (e.kind() != Kind.UNSUPPORTED) { // else this store does not tell of any
        throw e;
      }
    }
  }
}
