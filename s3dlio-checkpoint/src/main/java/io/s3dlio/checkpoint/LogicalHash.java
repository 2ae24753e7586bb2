package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
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

  /** SHA-256 of the lines of all entries, by name. */
  String of() throws ObjectStoreException {
    MessageDigest digest = Sha256.begin();
    for (Map.Entry<String, String> entry : entries().entrySet()) {
      digest.update((entry.getKey() + "\n" + entry.getValue() + "\n").getBytes(UTF_8));
    }
    return Sha256.end(digest);
  }

  /** Type, shape and SHA-256, by name. */
  Map<String, String> entries() throws ObjectStoreException {
    Map<String, String> entries = new TreeMap<>();
    for (List<TensorPart> parts : checkpoint.inventory().tensors().values()) {
      CheckpointTensor tensor = CheckpointTensor.of(parts.get(0));
      entries.put(tensor.name(), tensor.dtype() + " " + tensor.shape() + " " + sha256(parts));
    }
    for (int rank = 0; rank < checkpoint.worldSize(); rank++) {
      ShardDescription shard = checkpoint.description(rank);
      if (shard.format() == ShardFormat.OPAQUE) {
        entries.put("rank " + rank, shard.bytes() + " " + shard.head().sha256());
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
