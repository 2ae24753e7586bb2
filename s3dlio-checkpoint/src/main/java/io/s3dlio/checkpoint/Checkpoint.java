package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.s3dlio.ByteSink;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A committed checkpoint, whose bytes are read when they are asked for, and compared with their
 * checksums unless {@link CheckpointOptions#verify} says otherwise. Nothing is held open;
 * thread-safe, as long as the store is open.
 *
 * <p>If it is given up meanwhile, by retention or a rollback, reads fail with {@link
 * CheckpointGoneException}; bytes that are not those that were saved fail with {@link
 * CorruptCheckpointException}.
 */
public final class Checkpoint {

  private final Site site;
  private final Ledger.Live live;
  private final Manifest manifest;
  private final Kept kept;
  private final ShardDescription[] descriptions;

  Checkpoint(Site site, Ledger.Live live, Manifest manifest) {
    this.site = site;
    this.live = live;
    this.manifest = manifest;
    this.kept = new Kept(site, live.commit());
    this.descriptions = new ShardDescription[manifest.attempt().worldSize()];
  }

  /**
   * What the log says of it.
   *
   * @return as of when it was opened
   */
  public CheckpointInfo info() {
    return CheckpointInfo.of(live.commit(), live.slot(), false);
  }

  /**
   * The step of the training.
   *
   * @return 0 or more
   */
  public long step() {
    return live.commit().step();
  }

  /**
   * How many ranks have saved it.
   *
   * @return 1 or more
   */
  public int worldSize() {
    return manifest.attempt().worldSize();
  }

  /**
   * What rank 0 has noted, see {@link CheckpointWriter#note}.
   *
   * @return names and values
   * @throws ObjectStoreException what went wrong
   */
  public Map<String, String> notes() throws ObjectStoreException {
    return description(0).metadata();
  }

  /**
   * The size of a rank's shard.
   *
   * @param rank 0 or more, less than the world size
   * @return bytes
   */
  public long shardSize(int rank) {
    return manifest.shards().get(rank).bytes();
  }

  /**
   * Reads what a rank has saved, as it was written, into pooled memory.
   *
   * @param rank 0 or more, less than the world size
   * @return all bytes of the shard, which the caller closes
   * @throws ObjectStoreException what went wrong; of kind OUT_OF_RESOURCES if it does not fit into
   *     the memory budget
   */
  public BytesView readShard(int rank) throws ObjectStoreException {
    return shard(rank).read();
  }

  /**
   * Reads what a rank has saved, as it was written, piece by piece, in little memory.
   *
   * @param rank 0 or more, less than the world size
   * @param sink takes the bytes, in order, each once, after they were verified
   * @throws ObjectStoreException what went wrong; the sink may then hold some of the bytes
   */
  public void readShard(int rank, ByteSink sink) throws ObjectStoreException {
    shard(rank).readTo(sink);
  }

  /**
   * Reads what all ranks have saved, several at a time, into pooled memory.
   *
   * @return the shards by rank, each of which the caller closes
   * @throws ObjectStoreException what went wrong; nothing is held then
   */
  public List<BytesView> readAllShards() throws ObjectStoreException {
    List<StoredShard> shards = new ArrayList<>();
    for (int rank = 0; rank < worldSize(); rank++) {
      shards.add(shard(rank));
    }
    return StoredShard.readAll(site.store(), shards);
  }

  private StoredShard shard(int rank) throws ObjectStoreException {
    return new StoredShard(kept, description(rank));
  }

  /** What a rank has written; read once. */
  ShardDescription description(int rank) throws ObjectStoreException {
    manifest.attempt().checkRank(rank);
    synchronized (descriptions) {
      if (descriptions[rank] != null) {
        return descriptions[rank];
      }
    }
    ObjectUri uri = site.places().description(manifest.attempt().id(), rank);
    Manifest.Shard named = manifest.shards().get(rank);
    byte[] text = kept.read(uri, named.description(), named.sha256());
    try {
      ShardDescription shard = ShardDescription.parse(new String(text, UTF_8));
      if (shard.rank() != rank || !shard.attempt().equals(manifest.attempt())) {
        throw new IOException("it describes " + shard);
      }
      synchronized (descriptions) {
        descriptions[rank] = shard;
      }
      return shard;
    } catch (IOException e) {
      throw new CorruptCheckpointException(uri, e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "step " + step() + " of " + site.places().base();
  }
}
