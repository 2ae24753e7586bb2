package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A history of checkpoints in one place of any store.
 *
 * <p>What a checkpoint consists of lies under the name of the attempt that wrote it and is never
 * changed; it becomes a checkpoint by one small object, created only where there is none, in a log
 * that only grows. So a reader sees a checkpoint whole or not at all, whoever crashes when, and two
 * writers cannot destroy each other's work. docs/checkpoints.md has the protocol.
 *
 * <p>Thread-safe; ranks may be threads that share one. Steps ascend: a step is committed once,
 * after all smaller ones, unless training goes back to an earlier one by {@link #rollbackTo}.
 */
public final class CheckpointStore implements AutoCloseable {

  private final Site site;
  private final WholeLog wholeLog;
  private final boolean owned;
  private final Background background;
  private final Map<Turn, Integer> meetings = new HashMap<>();

  /** A rank saves a step; once more after going back. */
  private record Turn(long step, int rank) {}

  private CheckpointStore(
      ObjectStore store, boolean owned, ObjectUri base, CheckpointOptions options) {
    Places places = Places.under(base);
    Exclusive exclusive = new Exclusive(store, places, options.singleWriter());
    CommitLog log = new CommitLog(store, places, exclusive);
    this.site = new Site(store, places, log, exclusive, options);
    this.wholeLog = new WholeLog(log);
    this.owned = owned;
    this.background = new Background();
  }

  /**
   * Opens a history, with a store of its own.
   *
   * @param base where it lies, a prefix of keys such as {@code s3://bucket/run-7/}; it need not be
   *     there
   * @param options how
   * @return the history, which the caller closes
   * @throws ObjectStoreException if the store cannot be opened
   */
  public static CheckpointStore open(String base, CheckpointOptions options)
      throws ObjectStoreException {
    ObjectStore store = ObjectStores.open(base, StoreConfig.defaults());
    return new CheckpointStore(store, true, ObjectUri.parse(base), options);
  }

  /**
   * Opens a history in a store that is open already.
   *
   * @param store stays the caller's, who closes it after the history
   * @param base where it lies, a prefix of keys; it need not be there
   * @param options how
   * @return the history, which the caller closes
   */
  public static CheckpointStore over(ObjectStore store, ObjectUri base, CheckpointOptions options) {
    return new CheckpointStore(store, false, base, options);
  }

  /**
   * Begins to save: for the coordinator, who tells the other ranks.
   *
   * @param step of the training, 0 or more
   * @param worldSize how many ranks save, 1 or more
   * @return the attempt, which each rank needs for its writer
   * @throws ObjectStoreException what went wrong; of kind PRECONDITION_FAILED if such a step or a
   *     later one is committed already; of kind UNSUPPORTED if the store cannot do what the
   *     protocol needs
   */
  public SaveAttempt begin(long step, int worldSize) throws ObjectStoreException {
    return new Commits(site).begin(step, worldSize);
  }

  /**
   * The writer of a rank.
   *
   * @param attempt what {@link #begin} has given to the coordinator
   * @param rank 0 or more, less than the world size; each rank has one writer
   * @return the writer
   * @throws ObjectStoreException what an earlier save in the background has failed with, if nobody
   *     has asked for it
   */
  public CheckpointWriter writer(SaveAttempt attempt, int rank) throws ObjectStoreException {
    attempt.checkRank(rank);
    background.check();
    return new CheckpointWriter(site, background, attempt, rank);
  }

  /**
   * The writer of a rank that has no other means to hear of the attempt: rank 0 begins one, and the
   * others find it in the store. All ranks call this equally often for a step.
   *
   * @param step of the training, 0 or more
   * @param rank 0 or more, less than the world size
   * @param worldSize how many ranks save, 1 or more; above 1, {@link CheckpointOptions#job} is
   *     needed
   * @return the writer
   * @throws ObjectStoreException as {@link #begin}; of kind TIMEOUT if rank 0 does not begin; what
   *     an earlier save in the background has failed with, if nobody has asked for it: then nothing
   *     has begun
   */
  public CheckpointWriter writer(long step, int rank, int worldSize) throws ObjectStoreException {
    background.check(); // before others hear of an attempt
    if (worldSize == 1) {
      return writer(begin(step, 1), rank);
    }
    int count;
    synchronized (meetings) {
      count = meetings.merge(new Turn(step, rank), 1, Integer::sum);
    }
    ObjectUri place = site.places().meeting(job(), step, count);
    Meeting meeting = new Meeting(site, place);
    SaveAttempt attempt = rank == 0 ? meeting.tell(begin(step, worldSize)) : meeting.hear();
    if (attempt.step() != step || attempt.worldSize() != worldSize) {
      throw site.places()
          .invalid("rank 0 saves " + attempt + ", and rank " + rank + " step " + step);
    }
    return writer(attempt, rank).metAt(meeting);
  }

  private String job() throws ObjectStoreException {
    return site.options()
        .job()
        .orElseThrow(
            () ->
                site.places()
                    .invalid(
                        "ranks that meet in the store need a name of their run that is another after"
                            + " each restart: CheckpointOptions.withJob"));
  }

  /**
   * Makes an attempt a checkpoint: for the coordinator, who has collected what each rank's {@link
   * CheckpointWriter#finish} gave.
   *
   * @param attempt which one
   * @param shards of every rank, in any order
   * @return what the log says of it
   * @throws ObjectStoreException what went wrong; of kind INVALID if shards are missing or do not
   *     fit together; of kind PRECONDITION_FAILED if somebody else has committed this step or a
   *     later one, or cleaned the attempt up. After a TIMEOUT it is committed or not: {@link
   *     CheckpointReader#list} tells
   */
  public CheckpointInfo commit(SaveAttempt attempt, Collection<ShardDescription> shards)
      throws ObjectStoreException {
    return new Commits(site).commit(attempt, shards);
  }

  /**
   * Waits until every rank has finished, by looking into the store, for coordinators that have no
   * other means.
   *
   * @param attempt which one
   * @return the shards of every rank, for {@link #commit}
   * @throws ObjectStoreException of kind TIMEOUT if some have not finished in time; it names them
   */
  public Collection<ShardDescription> gather(SaveAttempt attempt) throws ObjectStoreException {
    return new Commits(site).gather(attempt);
  }

  /**
   * Waits until the coordinator has committed, for the other ranks.
   *
   * @param attempt which one
   * @return what the log says of it
   * @throws ObjectStoreException of kind TIMEOUT if that has not happened in time; of kind
   *     PRECONDITION_FAILED if the attempt was given up
   */
  public CheckpointInfo await(SaveAttempt attempt) throws ObjectStoreException {
    return new Commits(site).await(attempt);
  }

  /**
   * Gives an attempt up and deletes what it has written.
   *
   * @param attempt which one
   * @throws ObjectStoreException what went wrong; of kind PRECONDITION_FAILED if it is a checkpoint
   */
  public void abort(SaveAttempt attempt) throws ObjectStoreException {
    new Sweeper(site).abort(attempt.id());
  }

  /**
   * For loading.
   *
   * @return a reader over the same store, valid as long as this
   */
  public CheckpointReader reader() {
    return new CheckpointReader(site);
  }

  /**
   * Makes an earlier checkpoint the newest again: those after it are given up, so that training may
   * go on from there. {@link #clean} deletes their data.
   *
   * @param step of a checkpoint
   * @return what the log says of it
   * @throws ObjectStoreException what went wrong; of kind NOT_FOUND if there is none
   */
  public CheckpointInfo rollbackTo(long step) throws ObjectStoreException {
    return new Commits(site).rollbackTo(step);
  }

  /**
   * Copies a checkpoint here, from this store or another one. Its bytes are verified on the way; it
   * is a checkpoint here when all of it is there. What was copied before, if that was broken off,
   * is not copied again.
   *
   * @param checkpoint what to copy; what it refers to in earlier checkpoints has to be here already
   * @return what the log says of it; if it was here already, that
   * @throws ObjectStoreException what went wrong; of kind PRECONDITION_FAILED if a later step is
   *     here already, if it {@linkplain #isGivenUp was given up} here, or if a checkpoint that it
   *     refers to is not here: then nothing is copied
   */
  public CheckpointInfo copy(Checkpoint checkpoint) throws ObjectStoreException {
    return new CheckpointCopy(checkpoint, site, wholeLog).run();
  }

  /**
   * Whether an attempt was given up here: it was aborted, retired or rolled back. A checkpoint
   * elsewhere of the same attempt cannot be {@linkplain #copy copied} here any more.
   *
   * @param attempt which one, see {@link CheckpointInfo#attempt}
   * @return false if there never was such an attempt, it is under way, or is a checkpoint
   * @throws ObjectStoreException what went wrong
   */
  public boolean isGivenUp(UUID attempt) throws ObjectStoreException {
    return wholeLog.about(attempt).givenUp();
  }

  /**
   * Gives up the checkpoints that need not be kept, and deletes their data. The newest stays, and
   * so do those to whose bytes others refer.
   *
   * @param retention what is to be kept
   * @return what was given up
   * @throws ObjectStoreException what went wrong; what was given up by then stays given up, and
   *     {@link #clean} deletes what is left of it. Of kind INVALID if it goes by a note that no
   *     checkpoint has
   */
  public Collection<CheckpointInfo> retain(Retention retention) throws ObjectStoreException {
    return new Sweeper(site).retain(retention, reader());
  }

  /**
   * What {@link #retain} would give up now. Changes nothing.
   *
   * @param retention what is to be kept
   * @return the checkpoints, in the order in which they would go
   * @throws ObjectStoreException what went wrong
   */
  public Collection<CheckpointInfo> expendable(Retention retention) throws ObjectStoreException {
    return new Sweeper(site)
        .expendable(retention, reader()).stream().map(CheckpointInfo::of).toList();
  }

  /**
   * Deletes what no checkpoint needs: of attempts that cannot become one any more, since their step
   * or a later one is committed, and of checkpoints that were given up.
   *
   * @return the attempts whose data was deleted
   * @throws ObjectStoreException what went wrong; doing it again goes on
   */
  public Collection<UUID> clean() throws ObjectStoreException {
    return new Sweeper(site).clean();
  }

  /**
   * The attempts that have written something and have not become checkpoints, under way or dead;
   * {@link #abort} gives one up.
   *
   * @return the attempts, by step
   * @throws ObjectStoreException what went wrong
   */
  public Collection<SaveAttempt> unfinished() throws ObjectStoreException {
    return new Sweeper(site).unfinished();
  }

  /**
   * Waits for the saves that go on in the background, and closes the store if it is its own.
   *
   * @throws ObjectStoreException if such a save has failed and nobody has asked for it; or the
   *     store cannot be closed
   */
  @Override
  public void close() throws ObjectStoreException {
    try {
      background.close();
    } finally {
      if (owned) {
        site.store().close();
      }
    }
  }
}
