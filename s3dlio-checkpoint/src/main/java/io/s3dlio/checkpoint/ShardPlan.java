package io.s3dlio.checkpoint;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.safetensors.DcpShard;
import io.s3dlio.safetensors.SafetensorsSource;
import io.s3dlio.safetensors.TensorInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the shard of a rank will lie in its object.
 *
 * @param format of the object
 * @param file all of it
 * @param head its first bytes: the header of safetensors, or all of an opaque shard
 * @param tensors what comes behind that, by name, in order
 */
record ShardPlan(
    ShardFormat format, ByteSource file, ByteSource head, Map<String, GivenTensor> tensors) {

  static ShardPlan ofBytes(ByteSource bytes) {
    return new ShardPlan(ShardFormat.OPAQUE, bytes, bytes, Map.of());
  }

  /** As a file that PyTorch's reader of such files takes as the piece of one rank. */
  static ShardPlan ofTensors(Map<String, GivenTensor> given) {
    SafetensorsSource.Builder builder = SafetensorsSource.builder();
    Map<String, List<Long>> offsets = new TreeMap<>(); // the same tensors are the same bytes
    given.forEach(
        (name, one) -> {
          builder.tensor(name, one.dtype(), one.slice().shape(), one.bytes());
          offsets.put(name, one.slice().offsets());
        });
    SafetensorsSource file = builder.metadata(new DcpShard(offsets).metadata()).build();
    Map<String, GivenTensor> laid = new LinkedHashMap<>();
    for (TensorInfo tensor : file.tensors()) {
      laid.put(tensor.name(), given.get(tensor.name()));
    }
    ByteSource head = ByteSources.slice(file, 0, file.dataOffset());
    return new ShardPlan(ShardFormat.SAFETENSORS, file, head, laid);
  }

  /** What has checksums of its own, in order: the file is these, one after the other. */
  List<ByteSource> pieces() {
    List<ByteSource> pieces = new ArrayList<>();
    pieces.add(head);
    tensors.values().forEach(tensor -> pieces.add(tensor.bytes()));
    return pieces;
  }

  /** With what the bytes of each piece are. */
  ShardDescription described(
      SaveAttempt attempt, int rank, List<Checks> checks, Map<String, String> metadata) {
    Extent first = extent(attempt, rank, 0, head.size(), checks.get(0));
    List<TensorPart> parts = new ArrayList<>();
    long at = head.size();
    for (Map.Entry<String, GivenTensor> entry : tensors.entrySet()) {
      GivenTensor one = entry.getValue();
      Checks check = checks.get(parts.size() + 1);
      Extent extent = extent(attempt, rank, at, one.bytes().size(), check);
      parts.add(new TensorPart(entry.getKey(), one.dtype(), one.shape(), one.slice(), extent));
      at += one.bytes().size();
    }
    return new ShardDescription(attempt, rank, format, first, parts, metadata);
  }

  private static Extent extent(
      SaveAttempt attempt, int rank, long offset, long length, Checks checks) {
    return new Extent(attempt.id(), rank, offset, length, checks.crc32c(), checks.sha256());
  }
}
