package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.s3dlio.ByteSink;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

  /** How many requests for tensors and descriptions are made at a time. */
  static final int REQUESTS = 16;

  /** How many shards are read at a time, each in several requests. */
  private static final int SHARDS = 4;

  private final Site site;
  private final Ledger.Live live;
  private final Manifest manifest;
  private final Kept kept;
  private final ShardDescription[] descriptions;
  private Inventory inventory;

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
    return CheckpointInfo.of(live);
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
   * Whether a rank has saved bytes that only the trainer understands, see {@link
   * CheckpointWriter#opaque}, and no tensors.
   *
   * @param rank 0 or more, less than the world size
   * @return false if its shard is a safetensors file
   * @throws ObjectStoreException what went wrong
   */
  public boolean isOpaque(int rank) throws ObjectStoreException {
    return description(rank).format() == ShardFormat.OPAQUE;
  }

  /**
   * What a rank has saved of which tensors, also where the bytes lie in an earlier checkpoint.
   *
   * @param rank 0 or more, less than the world size
   * @return the boxes, by the tensors' names; none of an opaque shard
   * @throws ObjectStoreException what went wrong
   */
  public Map<String, TensorSlice> slices(int rank) throws ObjectStoreException {
    Map<String, TensorSlice> slices = new TreeMap<>();
    description(rank).parts().forEach(part -> slices.put(part.name(), part.slice()));
    return slices;
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
    shard(rank).readTo(sink, site.options().verify());
  }

  /**
   * Reads what all ranks have saved, several at a time, into pooled memory.
   *
   * @return the shards by rank, each of which the caller closes
   * @throws ObjectStoreException what went wrong; nothing is held then
   */
  public List<BytesView> readAllShards() throws ObjectStoreException {
    BytesView[] shards = new BytesView[worldSize()];
    try {
      Crew.run(ranks(), rank -> shards[rank] = readShard(rank), SHARDS);
      return List.of(shards);
    } catch (ObjectStoreException | RuntimeException e) {
      Arrays.stream(shards).filter(Objects::nonNull).forEach(BytesView::close);
      throw e;
    }
  }

  /**
   * The tensors.
   *
   * @return in the order of rank 0, then of what rank 1 has beside them, and so on
   * @throws ObjectStoreException what went wrong
   */
  public List<CheckpointTensor> tensors() throws ObjectStoreException {
    return inventory().tensors().values().stream()
        .map(parts -> CheckpointTensor.of(parts.get(0)))
        .toList();
  }

  /**
   * A tensor.
   *
   * @param name of it
   * @return what is known of it
   * @throws ObjectStoreException what went wrong; of kind NOT_FOUND if there is none
   */
  public CheckpointTensor tensor(String name) throws ObjectStoreException {
    return CheckpointTensor.of(parts(name).get(0));
  }

  /**
   * Reads a tensor into pooled memory, whatever ranks hold it.
   *
   * @param name of the tensor
   * @return its elements, little-endian, in row-major order, which the caller closes
   * @throws ObjectStoreException what went wrong; of kind NOT_FOUND if there is none
   */
  public BytesView read(String name) throws ObjectStoreException {
    return read(name, TensorSlice.whole(tensor(name).shape()));
  }

  /**
   * Reads a box of a tensor into pooled memory. No more is asked for than what has the bytes, and
   * what has to be read to verify them.
   *
   * @param name of the tensor
   * @param slice which box, within the tensor
   * @return its elements, little-endian, in row-major order, which the caller closes
   * @throws ObjectStoreException what went wrong; of kind NOT_FOUND if there is no such tensor
   * @throws IllegalArgumentException if the box is not within the tensor, or begins or ends within
   *     a byte
   */
  public BytesView read(String name, TensorSlice slice) throws ObjectStoreException {
    return read(SlicePlan.of(parts(name), slice));
  }

  BytesView read(SlicePlan plan) throws ObjectStoreException {
    return kept.from(site.places().base(), () -> slices().read(plan));
  }

  /**
   * Reads boxes of tensors straight into the caller's memory, several requests at a time. What lies
   * near each other is read in one request. When this returns or throws, nothing is being written
   * there any more.
   *
   * @param reads what to read and where to
   * @throws ObjectStoreException what went wrong; the memory may then have any content. Of kind
   *     NOT_FOUND if there is no such tensor
   * @throws IllegalArgumentException as {@link #read(String, TensorSlice)}, or if memory has
   *     another size than its box
   */
  public void read(List<TensorRead> reads) throws ObjectStoreException {
    List<SlicePlan> plans = new ArrayList<>();
    List<List<ByteBuffer>> destinations = new ArrayList<>();
    for (TensorRead read : reads) {
      plans.add(SlicePlan.of(parts(read.name()), read.slice()));
      destinations.add(read.destination());
    }
    kept.from(
        site.places().base(),
        () -> {
          slices().read(plans, destinations);
          return null;
        });
  }

  private SliceReader slices() {
    return new SliceReader(
        site.store(),
        "step " + step(),
        extent -> site.places().shard(extent.attempt(), extent.rank(), ShardFormat.SAFETENSORS),
        Fetching.DEFAULT.withVerify(site.options().verify()),
        REQUESTS);
  }

  List<TensorPart> parts(String name) throws ObjectStoreException {
    List<TensorPart> parts = inventory().tensors().get(name);
    if (parts == null) {
      throw new ObjectNotFoundException(
          "checkpoint",
          site.places().base(),
          "step "
              + step()
              + " has no tensor '"
              + name
              + "'; it has "
              + inventory().tensors().size(),
          null);
    }
    return parts;
  }

  /** The same part of a tensor with the same bytes, if it has one. */
  Optional<TensorPart> samePart(String name, GivenTensor given, String sha256)
      throws ObjectStoreException {
    return inventory().tensors().getOrDefault(name, List.of()).stream()
        .filter(part -> part.dtype() == given.dtype())
        .filter(part -> part.shape().equals(given.shape()))
        .filter(part -> part.slice().equals(given.slice()))
        .filter(part -> part.extent().sha256().equals(sha256))
        .findFirst();
  }

  /** What all ranks have; read once. */
  Inventory inventory() throws ObjectStoreException {
    synchronized (descriptions) {
      if (inventory != null) {
        return inventory;
      }
    }
    ShardDescription[] all = new ShardDescription[worldSize()];
    try {
      Crew.run(ranks(), rank -> all[rank] = description(rank), REQUESTS);
      Inventory read = Inventory.of(List.of(all));
      synchronized (descriptions) {
        inventory = read;
      }
      return read;
    } catch (IllegalArgumentException e) {
      throw new CorruptCheckpointException(
          site.places().manifest(manifest.attempt().id()), e.getMessage(), e);
    }
  }

  private Iterator<Integer> ranks() {
    return IntStream.range(0, worldSize()).iterator();
  }

  /**
   * Reads all bytes of all ranks, also those that lie in earlier checkpoints, and compares them
   * with their SHA-256, whatever the options say.
   *
   * @throws ObjectStoreException what went wrong; {@link CorruptCheckpointException} names the
   *     rank, the tensor and the offset of the first bytes that are wrong
   */
  public void verify() throws ObjectStoreException {
    Crew.run(ranks(), rank -> shard(rank).verifyAll(), SHARDS);
    for (List<TensorPart> parts : inventory().tensors().values()) {
      for (TensorPart part : parts) {
        if (!part.extent().attempt().equals(manifest.attempt().id())) {
          new LogicalHash(this).checkEarlier(part);
        }
      }
    }
  }

  /**
   * Reads some bytes of every rank, at random, and compares them with their CRC-32C.
   *
   * @param chunks how many MiB of each rank's shard, 1 or more
   * @throws ObjectStoreException as {@link #verify}
   */
  public void verifySample(int chunks) throws ObjectStoreException {
    Random random = new Random();
    for (int rank = 0; rank < worldSize(); rank++) {
      shard(rank).verifySample(chunks, random);
    }
  }

  /**
   * A hash of what the tensors are: their names, types, shapes and elements. It does not depend on
   * how many ranks have saved them, or where. Tensors that no rank holds as a whole are read.
   *
   * @return a SHA-256 in hexadecimal; docs/checkpoints.md says of what
   * @throws ObjectStoreException what went wrong
   */
  public String logicalHash() throws ObjectStoreException {
    return new LogicalHash(this).of();
  }

  /**
   * What is another than in another checkpoint, which may be of another history in another store.
   *
   * @param other the other
   * @return names of tensors, and for opaque shards {@code rank 0} and so on, in order; none if all
   *     is the same
   * @throws ObjectStoreException what went wrong
   */
  public List<String> differences(Checkpoint other) throws ObjectStoreException {
    Set<LogicalHash.Entry> mine = new LogicalHash(this).entries();
    Set<LogicalHash.Entry> others = new LogicalHash(other).entries();
    return Stream.concat(
            mine.stream().filter(entry -> !others.contains(entry)),
            others.stream().filter(entry -> !mine.contains(entry)))
        .map(LogicalHash.Entry::name)
        .distinct()
        .sorted()
        .toList();
  }

  Site site() {
    return site;
  }

  Change.Commit commit() {
    return live.commit();
  }

  StoredShard shard(int rank) throws ObjectStoreException {
    return new StoredShard(kept, description(rank));
  }

  byte[] manifestText() {
    return ManifestText.encode(manifest);
  }

  private static byte[] bytes(ShardDescription shard) {
    return shard.toJson().getBytes(UTF_8);
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
      ShardDescription shard = DescriptionText.decode(text);
      boolean own = shard.rank() == rank && shard.attempt().equals(manifest.attempt());
      if (!own || shard.bytes() != named.bytes() || !Arrays.equals(text, bytes(shard))) {
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
