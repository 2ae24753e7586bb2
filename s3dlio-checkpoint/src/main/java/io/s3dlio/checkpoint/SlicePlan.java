package io.s3dlio.checkpoint;

import io.s3dlio.safetensors.DType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Which parts of a tensor are read so as to have a box of it, and where their bytes go. What has
 * many rows is not written out: {@link Fetches} finds the requests one after the other.
 *
 * @param wanted the box
 * @param size its bytes
 * @param sources what is read, each element of the box from exactly one
 */
record SlicePlan(TensorSlice wanted, long size, List<Source> sources) {

  /**
   * A part of the tensor that is read, or some of it.
   *
   * @param part the part
   * @param copy which bytes of its extent, and where they go in the box
   */
  record Source(TensorPart part, BoxCopy copy) {
    ObjectId object() {
      return ObjectId.of(part);
    }
  }

  /** The shard that has the bytes. */
  record ObjectId(UUID attempt, int rank) {
    static ObjectId of(TensorPart part) {
      return new ObjectId(part.extent().attempt(), part.extent().rank());
    }
  }

  /**
   * Plans.
   *
   * @param parts all of one tensor, in any order. Of what several ranks hold one copy is read, from
   *     as few shards as possible
   * @param wanted the box, within the tensor
   * @throws IllegalArgumentException if the parts are of several tensors, have a hole in the box or
   *     overlap there without being the same; if the box is not within the tensor or is too large;
   *     if the elements share bytes and a row would end within one
   */
  static SlicePlan of(List<TensorPart> parts, TensorSlice wanted) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("there is no part of a tensor");
    }
    TensorPart tensor = parts.get(0);
    for (TensorPart part : parts) {
      if (!part.name().equals(tensor.name())
          || part.dtype() != tensor.dtype()
          || !part.shape().equals(tensor.shape())) {
        throw new IllegalArgumentException(describe(part) + " is not of " + describe(tensor));
      }
    }
    if (!wanted.isWithin(tensor.shape())) {
      throw new IllegalArgumentException(describe(tensor) + " has no slice " + wanted);
    }
    DType dtype = tensor.dtype();
    long size = dtype.bytes(wanted.shape());
    List<Source> sources = new ArrayList<>();
    if (size > 0) {
      Map<TensorSlice, List<TensorPart>> copies = copies(parts, wanted);
      if (!wanted.isTiledBy(copies.keySet())) {
        throw new IllegalArgumentException(
            "the parts of " + describe(tensor) + " leave a hole in " + wanted + ", or overlap");
      }
      chosen(copies)
          .forEach(
              (common, part) ->
                  sources.add(new Source(part, BoxCopy.of(dtype, part.slice(), wanted, common))));
    }
    return new SlicePlan(wanted, size, List.copyOf(sources));
  }

  private static String describe(TensorPart part) {
    return "'" + part.name() + "' of " + part.dtype() + " " + part.shape();
  }

  /** The parts that have some of the box, by what they have; only those with all, if there are. */
  private static Map<TensorSlice, List<TensorPart>> copies(
      List<TensorPart> parts, TensorSlice wanted) {
    Map<TensorSlice, List<TensorPart>> copies = new LinkedHashMap<>();
    for (TensorPart part : parts) {
      part.slice()
          .intersection(wanted)
          .ifPresent(common -> copies.computeIfAbsent(common, c -> new ArrayList<>()).add(part));
    }
    List<TensorPart> whole = copies.get(wanted);
    return whole == null ? copies : Map.of(wanted, whole);
  }

  /** One of each; from a shard that is read anyway, if possible, or else from one with many. */
  private static Map<TensorSlice, TensorPart> chosen(Map<TensorSlice, List<TensorPart>> copies) {
    Map<ObjectId, Integer> uses = new HashMap<>();
    copies.values().stream()
        .flatMap(List::stream)
        .forEach(part -> uses.merge(ObjectId.of(part), 1, Integer::sum));
    Set<ObjectId> read = new HashSet<>();
    Comparator<TensorPart> first =
        Comparator.comparing((TensorPart part) -> !read.contains(ObjectId.of(part)))
            .thenComparing(part -> -uses.get(ObjectId.of(part)))
            .thenComparing(part -> part.extent().length())
            .thenComparing(part -> part.extent().rank())
            .thenComparing(part -> part.extent().attempt())
            .thenComparing(part -> part.extent().offset());
    List<Map.Entry<TensorSlice, List<TensorPart>>> fewestFirst = new ArrayList<>(copies.entrySet());
    fewestFirst.sort(Comparator.comparing(entry -> entry.getValue().size()));
    Map<TensorSlice, TensorPart> chosen = new LinkedHashMap<>();
    for (Map.Entry<TensorSlice, List<TensorPart>> entry : fewestFirst) {
      TensorPart part = entry.getValue().stream().min(first).orElseThrow();
      read.add(ObjectId.of(part));
      chosen.put(entry.getKey(), part);
    }
    return chosen;
  }
}
