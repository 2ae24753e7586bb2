package io.s3dlio.checkpoint;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Finds checkpoints. Nothing is held open; thread-safe, as long as the store is open.
 *
 * <p>What is not whole is never given, and nothing older in place of something newer: where the
 * newest cannot be read, that is an error.
 */
public final class CheckpointReader {

  /** How often the newest may be given up while it is opened, before that is an error. */
  private static final int MOST_TRIES = 5;

  private final Site site;

  CheckpointReader(Site site) {
    this.site = site;
  }

  /**
   * The newest checkpoint.
   *
   * @return the checkpoint; empty if none was ever committed
   * @throws ObjectStoreException what went wrong; {@link CorruptCheckpointException} if it, or the
   *     log, is not what was committed
   */
  public Optional<Checkpoint> latest() throws ObjectStoreException {
    for (int tries = 1; ; tries++) {
      Optional<Ledger.Live> newest = ledger().newest();
      if (newest.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(open(newest.get()));
      } catch (CheckpointGoneException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  /**
   * The checkpoint of a step.
   *
   * @param step of the training
   * @return the checkpoint
   * @throws ObjectStoreException what went wrong; of kind NOT_FOUND if there is none, or it was
   *     given up
   */
  public Checkpoint at(long step) throws ObjectStoreException {
    Ledger ledger = ledger();
    return open(ledger.at(step).orElseThrow(() -> none(site, step, ledger)));
  }

  static ObjectStoreException none(Site site, long step, Ledger ledger) {
    List<Long> steps = ledger.live().stream().map(live -> live.commit().step()).toList();
    int from = Math.max(0, steps.size() - 10);
    String there =
        steps.isEmpty()
            ? "there is none"
            : "there are " + (from > 0 ? "…, " : "") + steps.subList(from, steps.size());
    return new ObjectNotFoundException(
        "checkpoint",
        site.places().base(),
        "there is no checkpoint of step " + step + "; " + there,
        null);
  }

  /**
   * The checkpoints that there are.
   *
   * @return by step, ascending
   * @throws ObjectStoreException what went wrong
   */
  public List<CheckpointInfo> list() throws ObjectStoreException {
    return CheckpointInfo.of(ledger());
  }

  /**
   * All checkpoints that were ever committed. Reads the whole log, and checks that every record is
   * the one that the next names.
   *
   * @return in the order in which they were committed
   * @throws ObjectStoreException what went wrong
   */
  public List<CheckpointInfo> history() throws ObjectStoreException {
    Map<UUID, CheckpointInfo> all = new LinkedHashMap<>();
    Optional<LogRecord> last =
        site.log()
            .readOn(
                Optional.empty(),
                record -> {
                  if (record.change() instanceof Change.Commit commit) {
                    all.put(commit.attempt(), CheckpointInfo.of(commit, record.slot(), true));
                  }
                });
    for (Ledger.Live live : Ledger.after(last).live()) {
      all.put(live.commit().attempt(), CheckpointInfo.of(live));
    }
    return new ArrayList<>(all.values());
  }

  /**
   * Waits for new checkpoints: for serving.
   *
   * @return a watch that has seen what there is now
   * @throws ObjectStoreException what went wrong
   */
  public CheckpointWatch watch() throws ObjectStoreException {
    return new CheckpointWatch(this, site, site.log().last());
  }

  /**
   * The shard of the newest checkpoint, which one rank has saved: for trainers with a state of
   * their own that fits into memory.
   *
   * @return its bytes, verified, which the caller closes; empty if none was ever committed
   * @throws ObjectStoreException what went wrong; of kind INVALID if more than one rank has saved
   *     it
   */
  public Optional<BytesView> loadLatest() throws ObjectStoreException {
    Optional<Checkpoint> latest = latest();
    if (latest.isEmpty()) {
      return Optional.empty();
    }
    if (latest.get().worldSize() != 1) {
      throw invalid(latest.get().worldSize() + " ranks have saved it; use readShard");
    }
    return Optional.of(latest.get().readShard(0));
  }

  ObjectStoreException invalid(String why) {
    return site.places().invalid(why);
  }

  Ledger ledger() throws ObjectStoreException {
    return Ledger.after(site.log().last());
  }

  Checkpoint open(Ledger.Live live) throws ObjectStoreException {
    Change.Commit commit = live.commit();
    try {
      byte[] text =
          new Kept(site, commit)
              .read(
                  site.places().manifest(commit.attempt()),
                  ManifestText.LIMIT,
                  commit.manifestSha256());
      Manifest manifest = ManifestText.decode(text);
      if (!Arrays.equals(ManifestText.encode(manifest), text)
          || !manifest.attempt().id().equals(commit.attempt())
          || manifest.attempt().step() != commit.step()) {
        throw new IOException("it is not the manifest of step " + commit.step());
      }
      return new Checkpoint(site, live, manifest);
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw new CorruptCheckpointException(
          site.places().manifest(commit.attempt()), e.getMessage(), e);
    }
  }
}
