package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the tensors of a checkpoint are, however they are split: for each the SHA-256 of its
 * elements in row-major order, and of all these one hash.
 *
 * @param checkpoint whose
 */
record LogicalHash(Checkpoint checkpoint) {

  /** The most that is read at a time of a tensor that no rank holds as a whole. */
  private static final long SLAB = 32L << 20;

  /**
   * A tensor or an opaque shard.
   *
   * @param kind which of both
   * @param name of the tensor, or the shard's rank
   * @param content how much and what it is
   */
  record Entry(String kind, String name, String content) {

    /** With the length of the name in bytes, so that no name is taken for what follows it. */
    byte[] line() {
      int length = name.getBytes(UTF_8).length;
      return (kind + " " + length + " " + name + " " + content + "\n").getBytes(UTF_8);
    }
  }

  /** SHA-256 of the lines of all entries. */
  String of() throws ObjectStoreException {
    MessageDigest digest = Sha256.begin();
    for (Entry entry : entries()) {
      digest.update(entry.line());
    }
    return Sha256.end(digest);
  }

  /** Tensors by name, then opaque shards by rank. */
  Set<Entry> entries() throws ObjectStoreException {
    Set<Entry> entries = new LinkedHashSet<>();
    for (List<TensorPart> parts : new TreeMap<>(checkpoint.inventory().tensors()).values()) {
      CheckpointTensor tensor = CheckpointTensor.of(parts.get(0));
      String content = tensor.dtype() + " " + tensor.shape() + " " + sha256(parts);
      entries.add(new Entry("tensor", tensor.name(), content));
    }
    for (int rank = 0; rank < checkpoint.worldSize(); rank++) {
      ShardDescription shard = checkpoint.description(rank);
      if (shard.format() == ShardFormat.OPAQUE) {
        String content = shard.bytes() + " " + shard.head().sha256();
        entries.add(new Entry("opaque", "rank " + rank, content));
      }
    }
    return entries;
  }

  private String sha256(List<TensorPart> parts) throws ObjectStoreException {
    TensorSlice whole = TensorSlice.whole(parts.get(0).shape());
    for (TensorPart part : parts) {
      if (part.slice().equals(whole)) {
        return part.extent().sha256();
      }
    }
    return read(parts, whole);
  }

  /** Reads what lies in an earlier checkpoint's shard, and compares its SHA-256. */
  void checkEarlier(TensorPart part) throws ObjectStoreException {
    String actual = read(List.of(part), part.slice()); // not an equal part of another rank
    if (!actual.equals(part.extent().sha256())) {
      throw new CorruptCheckpointException(
          checkpoint.site().places().base(),
          "of step %d, tensor '%s': the SHA-256 of %s is %s and must be %s"
              .formatted(
                  checkpoint.step(), part.name(), part.slice(), actual, part.extent().sha256()),
          null);
    }
  }

  private String read(List<TensorPart> parts, TensorSlice box) throws ObjectStoreException {
    MessageDigest digest = Sha256.begin();
    for (TensorSlice slab : box.cut(parts.get(0).dtype(), SLAB)) {
      try (BytesView bytes = checkpoint.read(SlicePlan.of(parts, slab))) {
        for (ByteBuffer piece : bytes.asByteBuffers()) {
          digest.update(piece);
        }
      }
    }
    return Sha256.end(digest);
  }
}
