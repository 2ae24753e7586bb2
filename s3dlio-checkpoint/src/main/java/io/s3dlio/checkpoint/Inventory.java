package io.s3dlio.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
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
   * Puts together what is to be committed. Each element of a tensor lies in one part, or in parts
   * that are equal in all their bytes, so that it does not matter whose are read. What overlaps
   * otherwise is refused: hashes of parts do not tell whether it is the same where they do.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  static Inventory agreed(List<ShardDescription> shards) {
    Inventory inventory = of(shards);
    Map<String, Map<TensorSlice, Saved>> tensors = new HashMap<>();
    for (ShardDescription shard : shards) {
      for (TensorPart part : shard.parts()) {
        Saved saved = new Saved(shard.rank(), part);
        Saved other =
            tensors
                .computeIfAbsent(part.name(), name -> new LinkedHashMap<>())
                .putIfAbsent(part.slice(), saved);
        if (other != null && !other.sha256().equals(saved.sha256())) {
          throw new IllegalArgumentException(
              "'%s' %s has other bytes on rank %d than on rank %d; what differs needs two names"
                  .formatted(part.name(), part.slice(), saved.rank(), other.rank()));
        }
      }
    }
    tensors.values().forEach(Inventory::checkApart);
    return inventory;
  }

  /** What a rank has saved of a tensor. */
  private record Saved(int rank, TensorPart part) {
    String sha256() {
      return part.extent().sha256();
    }
  }

  /** That a tensor which can be read has no part beside the whole. */
  private static void checkApart(Map<TensorSlice, Saved> parts) {
    TensorPart any = parts.values().iterator().next().part();
    TensorSlice all = TensorSlice.whole(any.shape());
    if (all.isTiledBy(parts.keySet())) {
      return;
    }
    Saved whole = parts.remove(all);
    Saved part =
        parts.values().stream()
            .filter(one -> one.part().extent().length() > 0)
            .findFirst()
            .orElseThrow();
    throw new IllegalArgumentException(
        "'%s' is whole on rank %d, and rank %d has %s; all save it whole, or each its part"
            .formatted(any.name(), whole.rank(), part.rank(), part.part().slice()));
  }

  /**
   * Puts together what was committed.
   *
   * @throws IllegalArgumentException if it cannot be read: ranks differ about a tensor's type or
   *     shape, or its parts leave something out or overlap, where none is the whole
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
