package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a rank has written: which tensors, which parts of them, where their bytes lie and what they
 * must be. A rank gives it to the coordinator, as text, by whatever means the ranks have; it also
 * lies beside the shard. Immutable.
 */
public final class ShardDescription {

  private final SaveAttempt attempt;
  private final int rank;
  private final ShardFormat format;
  private final Extent head;
  private final List<TensorPart> parts;
  private final Map<String, String> metadata;

  /**
   * Of a shard.
   *
   * @param head its first bytes: the header of safetensors, or all of an opaque shard
   * @param parts what it holds of which tensors
   * @throws IllegalArgumentException if the bytes are not one after the other
   */
  ShardDescription(
      SaveAttempt attempt,
      int rank,
      ShardFormat format,
      Extent head,
      List<TensorPart> parts,
      Map<String, String> metadata) {
    attempt.checkRank(rank);
    this.attempt = attempt;
    this.rank = rank;
    this.format = format;
    this.head = head;
    this.parts = List.copyOf(parts);
    this.metadata = Map.copyOf(metadata);
    long at = 0;
    for (Extent extent : extents()) {
      if (extent.offset() != at) {
        throw new IllegalArgumentException(
            "the shard of rank " + rank + " goes on at " + extent.offset() + " and not at " + at);
      }
      at += extent.length();
    }
  }

  /**
   * The attempt that it is part of.
   *
   * @return which one
   */
  public SaveAttempt attempt() {
    return attempt;
  }

  /**
   * Whose it is.
   *
   * @return from 0 on
   */
  public int rank() {
    return rank;
  }

  /**
   * The size of the shard.
   *
   * @return bytes, without those that lie in earlier checkpoints
   */
  public long bytes() {
    return extents().stream().mapToLong(Extent::length).sum();
  }

  ShardFormat format() {
    return format;
  }

  Extent head() {
    return head;
  }

  List<TensorPart> parts() {
    return parts;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  /** What lies in the shard itself, from its first byte to its last. */
  List<Extent> extents() {
    List<Extent> own = new ArrayList<>();
    own.add(head);
    for (TensorPart part : parts) {
      if (isOwn(part.extent())) {
        own.add(part.extent());
      }
    }
    return own;
  }

  /** The earlier attempts in whose shards some of its bytes lie. */
  List<UUID> bases() {
    return parts.stream()
        .map(part -> part.extent().attempt())
        .filter(id -> !id.equals(attempt.id()))
        .distinct()
        .toList();
  }

  private boolean isOwn(Extent extent) {
    return extent.attempt().equals(attempt.id()) && extent.rank() == rank;
  }

  /**
   * As text, for {@link #parse}.
   *
   * @return one line of JSON
   */
  public String toJson() {
    return DescriptionText.encode(this);
  }

  /**
   * Reads what {@link #toJson} has made.
   *
   * @param json one line
   * @return the description
   * @throws IOException if it is not such a text
   */
  public static ShardDescription parse(String json) throws IOException {
    return DescriptionText.decode(json.getBytes(UTF_8));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShardDescription that && toJson().equals(that.toJson());
  }

  @Override
  public int hashCode() {
    return attempt.hashCode() * 31 + rank;
  }

  @Override
  public String toString() {
    return "rank " + rank + " of " + attempt + ", " + bytes() + " bytes";
  }
}
