package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.s3dlio.ObjectAlreadyExistsException;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.ObjectWriter;
import io.s3dlio.PutOptions;
import io.s3dlio.WriterOptions;
import java.util.Optional;

/**
 * Copies a checkpoint to another place. It keeps its name there, so that all that describes it
 * stays as it is and a copy that was broken off goes on where it was; and it becomes a checkpoint
 * there as any other, by a record that is written last.
 */
final class CheckpointCopy {

  private final Checkpoint from;
  private final Site to;
  private final WholeLog log;

  /** Of a checkpoint, to a place with this log. */
  CheckpointCopy(Checkpoint from, Site to, WholeLog log) {
    this.from = from;
    this.to = to;
    this.log = log;
  }

  CheckpointInfo run() throws ObjectStoreException {
    to.exclusive().check();
    Change.Commit commit = from.commit();
    WholeLog.About about = log.about(commit.attempt());
    Ledger there = Ledger.after(about.last());
    Optional<Ledger.Live> earlier = there.of(commit.attempt());
    if (earlier.isPresent()) {
      to.log().settle(about.last().orElseThrow());
      return CheckpointInfo.of(earlier.get());
    }
    if (about.givenUp()) {
      throw refused("it was here before and was given up; copy it to another place");
    }
    Optional<String> refusal = there.refusal(commit);
    if (refusal.isPresent()) { // before much is copied that can be no checkpoint
      throw refused(refusal.get());
    }
    SaveAttempt attempt = new SaveAttempt(commit.attempt(), from.step(), from.worldSize(), -1);
    put(to.places().marker(commit.attempt()), attempt.toString().getBytes(UTF_8));
    for (int rank = 0; rank < from.worldSize(); rank++) {
      copyShard(rank);
      put(
          to.places().description(commit.attempt(), rank),
          from.description(rank).toJson().getBytes(UTF_8));
    }
    put(to.places().manifest(commit.attempt()), from.manifestText());
    LogRecord record = to.log().append(commit, about.last());
    return CheckpointInfo.of(commit, record.slot(), false);
  }

  private void put(ObjectUri uri, byte[] text) throws ObjectStoreException {
    SmallObject.create(to, uri, text, PutOptions.DEFAULT);
  }

  /** Verified on the way; nothing is there before all of it is. */
  private void copyShard(int rank) throws ObjectStoreException {
    StoredShard shard = from.shard(rank);
    ObjectUri uri = to.places().shard(from.commit().attempt(), rank, shard.description().format());
    if (isThere(uri, shard.description().bytes())) {
      return;
    }
    WriterOptions options =
        WriterOptions.DEFAULT
            .withSize(shard.description().bytes())
            .withPut(PutOptions.DEFAULT.withMode(to.exclusive().mode()));
    try (ObjectWriter writer = to.store().writer(uri, options)) {
      shard.readTo((offset, bytes) -> writer.write(bytes), true);
      writer.finish();
    } catch (ObjectAlreadyExistsException e) {
      if (!isThere(uri, shard.description().bytes())) {
        throw e;
      }
    }
  }

  private boolean isThere(ObjectUri uri, long size) throws ObjectStoreException {
    try {
      long there = to.store().head(uri).size();
      if (there != size) {
        throw new CorruptCheckpointException(
            uri, "it has " + there + " bytes, and what is copied has " + size, null);
      }
      return true;
    } catch (ObjectNotFoundException e) {
      return false;
    }
  }

  private ObjectStoreException refused(String why) {
    return to.places().refused("step " + from.step() + ": " + why);
  }
}
