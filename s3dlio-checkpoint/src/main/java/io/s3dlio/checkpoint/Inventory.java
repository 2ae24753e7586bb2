package io.s3dlio.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * All that the ranks have saved, by tensor.
 *
 * @param tensors the parts of each, by name
 * @param bytes of all shards
 * @param bases the earlier attempts in whose shards some of the bytes lie
 */
record Inventory(Map<String, List<TensorPart>> tensors, long bytes, List<UUID> bases) {

  /**
   * Puts together what the ranks say.
   *
   * @throws IllegalArgumentException if it does not fit: ranks differ about a tensor, or its parts
   *     leave something out or overlap without being equal
   */
  static Inventory of(List<ShardDescription> shards) {
    Map<String, List<TensorPart>> tensors = new LinkedHashMap<>();
    Set<UUID> bases = new LinkedHashSet<>();
    long bytes = 0;
    for (ShardDescription shard : shards) {
      bytes = Math.addExact(bytes, shard.bytes());
      bases.addAll(shard.bases());
      for (TensorPart part : shard.parts()) {
        tensors.computeIfAbsent(part.name(), name -> new ArrayList<>()).add(part);
      }
    }
    tensors.values().forEach(Inventory::check);
    return new Inventory(tensors, bytes, List.copyOf(bases));
  }

  private static void check(List<TensorPart> parts) {
    TensorPart first = parts.get(0);
    for (TensorPart part : parts) {
      if (part.dtype() != first.dtype() || !part.shape().equals(first.shape())) {
        throw new IllegalArgumentException(
            "'%s' is %s %s on one rank and %s %s on another"
                .formatted(first.name(), first.dtype(), first.shape(), part.dtype(), part.shape()));
      }
    }
    SlicePlan.of(parts, TensorSlice.whole(first.shape())); // which fails if there is a hole
  }
}
