package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.Outcome;
import io.s3dlio.PutOptions;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How attempts become checkpoints: what the coordinator does, and what the others wait for. */
final class Commits {

  private final Site site;

  Commits(Site site) {
    this.site = site;
  }

  SaveAttempt begin(long step, int worldSize) throws ObjectStoreException {
    site.exclusive().check();
    Optional<LogRecord> last = site.log().last();
    SaveAttempt attempt =
        new SaveAttempt(UUID.randomUUID(), step, worldSize, last.map(LogRecord::slot).orElse(-1L));
    Ledger ledger = Ledger.after(last);
    Optional<String> refusal = ledger.refusalOfStep(step);
    if (refusal.isPresent()) {
      throw site.places().refused(refusal.get());
    }
    byte[] text = attempt.toString().getBytes(UTF_8);
    SmallObject.create(site, site.places().marker(attempt.id()), text, PutOptions.DEFAULT);
    return attempt;
  }

  CheckpointInfo commit(SaveAttempt attempt, Collection<ShardDescription> given)
      throws ObjectStoreException {
    List<ShardDescription> shards = byRank(attempt, given);
    Inventory inventory;
    try {
      inventory = Inventory.agreed(shards);
    } catch (IllegalArgumentException e) {
      throw site.places().invalid(e.getMessage());
    }
    List<Manifest.Shard> named = shards.stream().map(Commits::named).toList();
    checkStored(attempt, shards, named);
    byte[] manifest = ManifestText.encode(new Manifest(attempt, named));
    ObjectUri uri = site.places().manifest(attempt.id());
    PutOptions options = PutOptions.DEFAULT.withContentType("application/json");
    SmallObject.create(site, uri, manifest, options);
    if (!Arrays.equals(manifest, SmallObject.read(site.store(), uri, ManifestText.LIMIT))) {
      throw new CorruptCheckpointException(uri, "it is not what was written just now", null);
    }
    Summary summary =
        new Summary(
            Instant.now(), attempt.worldSize(), inventory.tensors().size(), inventory.bytes());
    Change.Commit commit =
        new Change.Commit(
            attempt.id(), attempt.step(), Sha256.of(manifest), inventory.bases(), summary);
    LogRecord record = site.log().append(commit, since(attempt));
    return CheckpointInfo.of(commit, record.slot(), false);
  }

  private Optional<LogRecord> since(SaveAttempt attempt) throws ObjectStoreException {
    if (attempt.after() < 0) {
      return Optional.empty();
    }
    Optional<LogRecord> record = site.log().read(attempt.after());
    if (record.isEmpty()) {
      throw new CorruptCheckpointException(
          site.places().slot(attempt.after()), "this record of the log is gone", null);
    }
    return record;
  }

  private List<ShardDescription> byRank(SaveAttempt attempt, Collection<ShardDescription> given)
      throws ObjectStoreException {
    TreeMap<Integer, ShardDescription> byRank = new TreeMap<>();
    for (ShardDescription shard : given) {
      if (!shard.attempt().equals(attempt)) {
        throw site.places().invalid("rank " + shard.rank() + " has saved " + shard.attempt());
      }
      if (byRank.put(shard.rank(), shard) != null) {
        throw site.places().invalid("rank " + shard.rank() + " is there twice");
      }
    }
    if (byRank.size() != attempt.worldSize()) {
      throw site.places()
          .invalid(
              byRank.size()
                  + " of "
                  + attempt.worldSize()
                  + " ranks have saved: "
                  + byRank.keySet());
    }
    return List.copyOf(byRank.values());
  }

  /** That every shard is there as it was described, before anybody can rely on it. */
  private void checkStored(
      SaveAttempt attempt, List<ShardDescription> shards, List<Manifest.Shard> named)
      throws ObjectStoreException {
    List<ObjectUri> uris = new ArrayList<>();
    List<Long> sizes = new ArrayList<>();
    for (ShardDescription shard : shards) {
      uris.add(site.places().shard(attempt.id(), shard.rank(), shard.format()));
      sizes.add(shard.bytes());
      uris.add(site.places().description(attempt.id(), shard.rank()));
      sizes.add((long) named.get(shard.rank()).description());
    }
    List<Outcome<ObjectMeta>> found = site.store().headMany(uris, ManyOptions.DEFAULT);
    for (int i = 0; i < uris.size(); i++) {
      long size = found.get(i).get().size();
      if (size != sizes.get(i)) {
        throw new CorruptCheckpointException(
            uris.get(i),
            "it has " + size + " bytes, and its rank has written " + sizes.get(i),
            null);
      }
    }
  }

  private static Manifest.Shard named(ShardDescription shard) {
    byte[] text = shard.toJson().getBytes(UTF_8);
    return new Manifest.Shard(shard.bytes(), text.length, Sha256.of(text));
  }

  Collection<ShardDescription> gather(SaveAttempt attempt) throws ObjectStoreException {
    Map<Integer, ShardDescription> found = new ConcurrentSkipListMap<>();
    return Patience.of(site.options())
        .until(
            site.places().attempt(attempt.id()),
            () -> lookForShards(attempt, found),
            () -> unfinished(attempt, found));
  }

  private Optional<Collection<ShardDescription>> lookForShards(
      SaveAttempt attempt, Map<Integer, ShardDescription> found) throws ObjectStoreException {
    Crew.run(
        missing(attempt, found).iterator(),
        rank -> description(attempt, rank).ifPresent(shard -> found.put(rank, shard)),
        Checkpoint.REQUESTS);
    return found.size() == attempt.worldSize() ? Optional.of(found.values()) : Optional.empty();
  }

  private static IntStream missing(SaveAttempt attempt, Map<Integer, ShardDescription> found) {
    return IntStream.range(0, attempt.worldSize()).filter(rank -> !found.containsKey(rank));
  }

  private Optional<ShardDescription> description(SaveAttempt attempt, int rank)
      throws ObjectStoreException {
    ObjectUri uri = site.places().description(attempt.id(), rank);
    try {
      byte[] text = SmallObject.read(site.store(), uri, DescriptionText.LIMIT);
      return Optional.of(DescriptionText.decode(text));
    } catch (ObjectNotFoundException e) {
      return Optional.empty();
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw new CorruptCheckpointException(uri, e.getMessage(), e);
    }
  }

  private static String unfinished(SaveAttempt attempt, Map<Integer, ShardDescription> found) {
    String ranks =
        missing(attempt, found)
            .limit(20)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    return "of "
        + attempt.worldSize()
        + " ranks "
        + found.size()
        + " have finished, and not "
        + ranks;
  }

  CheckpointInfo await(SaveAttempt attempt) throws ObjectStoreException {
    LogRecord record =
        Patience.of(site.options())
            .until(
                site.places().base(),
                () -> site.log().first(attempt),
                () -> "rank 0 has not committed step " + attempt.step());
    if (record.change() instanceof Change.Commit commit) {
      return CheckpointInfo.of(commit, record.slot(), false);
    }
    throw site.places().refused("the attempt to save step " + attempt.step() + " was given up");
  }

  CheckpointInfo rollbackTo(long step) throws ObjectStoreException {
    Optional<LogRecord> last = site.log().last();
    Ledger ledger = Ledger.after(last);
    Ledger.Live there = ledger.at(step).orElseThrow(() -> none(step, ledger));
    if (ledger.newest().equals(Optional.of(there))) {
      site.log().settle(last.orElseThrow());
    } else {
      site.log().append(new Change.Rollback(there.commit().attempt()), last);
    }
    return CheckpointInfo.of(there);
  }

  private ObjectStoreException none(long step, Ledger ledger) {
    return CheckpointReader.none(site, step, ledger);
  }
}
