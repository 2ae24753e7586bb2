package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.ObjectAlreadyExistsException;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.safetensors.DType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one rank saves: tensors, or parts of tensors that it holds, or bytes that only the trainer
 * understands. They are registered first, and written by {@link #finish}, which reads them from
 * where they are, several at a time and twice: to send them, and to compute their checksums.
 *
 * <p>For one thread, and for one save. It holds nothing that would have to be closed.
 */
public final class CheckpointWriter {

  private static final int LONGEST_NOTE = 64 << 10;

  private final Site site;
  private final SaveAttempt attempt;
  private final int rank;
  private final Map<String, GivenTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Background background;
  private ByteSource opaque;
  private Optional<Checkpoint> base = Optional.empty();
  private Optional<Meeting> meeting = Optional.empty();
  private boolean finished;

  CheckpointWriter(Site site, Background background, SaveAttempt attempt, int rank) {
    this.site = site;
    this.background = background;
    this.attempt = attempt;
    this.rank = rank;
  }

  CheckpointWriter metAt(Meeting place) {
    meeting = Optional.of(place);
    return this;
  }

  /**
   * The attempt that this is part of.
   *
   * @return which one
   */
  public SaveAttempt attempt() {
    return attempt;
  }

  /**
   * Registers a tensor of which this rank holds all.
   *
   * @param name what it is called; each once
   * @param dtype of its elements
   * @param shape its dimensions, each 0 or more; none for a single element
   * @param bytes its elements, little-endian, in row-major order; they must not change until {@link
   *     #finish} has returned
   * @return this
   * @throws IllegalArgumentException if the bytes are not as many as the shape says, or there is
   *     such a tensor, or an opaque shard
   */
  public CheckpointWriter put(String name, DType dtype, List<Long> shape, ByteSource bytes) {
    return put(name, dtype, shape, TensorSlice.whole(shape), bytes);
  }

  /**
   * Registers the part of a tensor that this rank holds. All ranks together hold all of it; equal
   * parts may come from several.
   *
   * @param name what it is called; each once
   * @param dtype of its elements
   * @param shape the dimensions of all of it
   * @param slice which part this is
   * @param bytes the part's elements, little-endian, in row-major order; they must not change until
   *     {@link #finish} has returned
   * @return this
   * @throws IllegalArgumentException if the bytes are not as many as the part has, or the part is
   *     not within the tensor, or there is such a tensor, or an opaque shard
   */
  public CheckpointWriter put(
      String name, DType dtype, List<Long> shape, TensorSlice slice, ByteSource bytes) {
    if (opaque != null || name.isEmpty() || name.equals("__metadata__")) {
      throw new IllegalArgumentException(
          opaque == null
              ? "no tensor is called '" + name + "'"
              : "this shard is opaque: it has no tensors");
    }
    long size = dtype.bytes(slice.shape());
    if (!slice.isWithin(shape) || size != bytes.size()) {
      throw new IllegalArgumentException(
          "'%s' of %s: the part %s of %s has %d bytes, and %d were given"
              .formatted(name, dtype, slice, shape, size, bytes.size()));
    }
    if (tensors.putIfAbsent(name, new GivenTensor(dtype, List.copyOf(shape), slice, bytes))
        != null) {
      throw new IllegalArgumentException("there is a tensor '" + name + "' already");
    }
    return this;
  }

  /**
   * Makes this rank's shard one of bytes that only the trainer understands, in place of tensors.
   *
   * @param bytes all of it; they must not change until {@link #finish} has returned
   * @return this
   * @throws IllegalArgumentException if tensors were registered
   */
  public CheckpointWriter opaque(ByteSource bytes) {
    if (!tensors.isEmpty() || opaque != null) {
      throw new IllegalArgumentException("an opaque shard is all that a rank saves");
    }
    opaque = bytes;
    return this;
  }

  /**
   * Notes something about the checkpoint, such as the loss. What rank 0 notes can be read from the
   * checkpoint, and retention can go by it.
   *
   * @param name what it is called, at most 65,536 characters
   * @param value at most 65,536 characters
   * @return this
   * @throws IllegalArgumentException if one is longer, or has no UTF-8 form
   */
  public CheckpointWriter note(String name, String value) {
    for (String text : List.of(name, value)) {
      if (text.length() > LONGEST_NOTE || !UTF_8.newEncoder().canEncode(text)) {
        throw new IllegalArgumentException(
            "a note has at most " + LONGEST_NOTE + " characters, and no half of a surrogate pair");
      }
    }
    metadata.put(name, value);
    return this;
  }

  /**
   * Does not write tensors again that are the same in an earlier checkpoint, by their SHA-256, but
   * refers to its bytes. That checkpoint is then kept as long as this one. The checksums are
   * computed before anything is written, which takes longer.
   *
   * @param earlier of the same place
   * @return this
   */
  public CheckpointWriter unchangedFrom(Checkpoint earlier) {
    base = Optional.of(earlier);
    return this;
  }

  /**
   * Writes this rank's shard, and what describes it; a shard without tensors if nothing was
   * registered. On {@code file://} both are on the disk when it returns. When it has returned or
   * thrown, nobody reads what was registered any more.
   *
   * @return for the coordinator, who needs those of all ranks to commit
   * @throws ObjectStoreException what went wrong; of kind ALREADY_EXISTS if another writer has
   *     written this rank's shard
   * @throws IllegalStateException if it was called before
   */
  public ShardDescription finish() throws ObjectStoreException {
    if (finished) {
      throw new IllegalStateException("a writer is for one save: this one has finished");
    }
    finished = true;
    ShardDescription shard =
        base.isEmpty() || tensors.isEmpty() ? write(tensors) : writeChanged(base.get());
    ObjectUri uri = site.places().description(attempt.id(), rank);
    byte[] text = shard.toJson().getBytes(UTF_8);
    if (text.length > DescriptionText.LIMIT) { // which nobody could read
      throw new ObjectStoreException(
          Kind.INVALID,
          "checkpoint",
          uri,
          "what describes this shard has more than "
              + DescriptionText.LIMIT
              + " bytes: save it by more ranks, in fewer tensors or with fewer notes",
          null);
    }
    create(uri, ByteSources.of(ByteBuffer.wrap(text)));
    return shard;
  }

  private ShardDescription write(Map<String, GivenTensor> written) throws ObjectStoreException {
    ShardPlan plan = opaque == null ? ShardPlan.ofTensors(written) : ShardPlan.ofBytes(opaque);
    ObjectUri uri = site.places().shard(attempt.id(), rank, plan.format());
    try (Hashing hashing = Hashing.begin(plan.pieces())) {
      create(uri, plan.file());
      return plan.described(attempt, rank, hashing.end(), metadata);
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(uri, e);
    }
  }

  private ShardDescription writeChanged(Checkpoint earlier) throws ObjectStoreException {
    Map<String, GivenTensor> changed = new LinkedHashMap<>(tensors);
    List<TensorPart> same = new ArrayList<>();
    List<String> names = List.copyOf(tensors.keySet());
    try (Hashing hashing =
        Hashing.begin(tensors.values().stream().map(GivenTensor::bytes).toList())) {
      List<Checks> checks = hashing.end();
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        Optional<TensorPart> there =
            earlier.samePart(name, tensors.get(name), checks.get(i).sha256());
        if (there.isPresent()) {
          same.add(there.get());
          changed.remove(name);
        }
      }
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(site.places().attempt(attempt.id()), e);
    }
    ShardDescription own = write(changed);
    same.addAll(own.parts());
    return new ShardDescription(attempt, rank, own.format(), own.head(), same, metadata);
  }

  static ObjectStoreException unreadable(ObjectUri uri, IOException e) {
    boolean interrupted =
        e instanceof InterruptedIOException || e instanceof ClosedByInterruptException;
    return new ObjectStoreException(
        interrupted ? Kind.CANCELLED : Kind.UNKNOWN,
        "checkpoint",
        uri,
        "a tensor cannot be read: " + e.getMessage(),
        e);
  }

  /** Creates an object that nobody else may have written: the names of an attempt are its own. */
  private void create(ObjectUri uri, ByteSource content) throws ObjectStoreException {
    try {
      site.store().put(uri, content, PutOptions.DEFAULT.withMode(site.exclusive().mode()));
    } catch (ObjectAlreadyExistsException e) {
      if (!isThere(uri, content)) { // else it is ours, and an answer was lost
        throw e;
      }
    }
  }

  private boolean isThere(ObjectUri uri, ByteSource content) throws ObjectStoreException {
    ByteSource stored = site.store().source(uri);
    try {
      return stored.size() == content.size()
          && Arrays.equals(Checks.of(stored).crc32c(), Checks.of(content).crc32c());
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(uri, e);
    }
  }

  /**
   * Writes this rank's shard and makes the checkpoint: rank 0 waits for the shards of all ranks, in
   * the store, and commits; the others wait for that. All ranks call it. What this rank still saves
   * in the background is waited for first: steps ascend.
   *
   * @return what the log says of the checkpoint
   * @throws ObjectStoreException as {@link #finish} and {@link CheckpointStore#commit}; of kind
   *     TIMEOUT if the others are not there in time
   */
  public CheckpointInfo commit() throws ObjectStoreException {
    background.awaitEarlier(rank);
    return commit(finish());
  }

  private CheckpointInfo commit(ShardDescription own) throws ObjectStoreException {
    Commits commits = new Commits(site);
    if (rank != 0) {
      return commits.await(attempt);
    }
    CheckpointInfo info =
        commits.commit(attempt, attempt.worldSize() == 1 ? List.of(own) : commits.gather(attempt));
    if (meeting.isPresent()) {
      meeting.get().end();
    }
    return info;
  }

  /**
   * The same as {@link #commit}, in the background: what was registered is copied first, so that
   * training may go on and change its tensors when this returns. The copy takes as much of the
   * store's memory as the shard has, until the shard is written, and leaves some for writing it; if
   * that much is not free within {@link CheckpointOptions#patience}, or can never be, the
   * checkpoint is made before this returns.
   *
   * @return the save that goes on. If it fails, and nobody asks for that, the next writer or the
   *     closing of the {@link CheckpointStore} says so
   * @throws ObjectStoreException what went wrong before anything was written
   */
  public PendingSave commitAsync() throws ObjectStoreException {
    long begin = System.nanoTime();
    ShardFormat format = opaque == null ? ShardFormat.SAFETENSORS : ShardFormat.OPAQUE;
    ObjectUri shard = site.places().shard(attempt.id(), rank, format);
    Optional<Snapshot> copied = Snapshot.of(site, shard, opaque, tensors);
    if (copied.isEmpty()) {
      CheckpointInfo done = commit();
      return background.done(done, Duration.ofNanos(System.nanoTime() - begin));
    }
    Snapshot snapshot = copied.get();
    tensors.replaceAll((name, one) -> snapshot.tensors().get(name));
    opaque = snapshot.opaque();
    Duration blocked = Duration.ofNanos(System.nanoTime() - begin);
    return background.begin(rank, () -> commit(finish(snapshot)), blocked);
  }

  /** The memory goes back before others are waited for, who may need it. */
  private ShardDescription finish(Snapshot snapshot) throws ObjectStoreException {
    try (snapshot) {
      return finish();
    }
  }
}
