package io.s3dlio.checkpoint;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.buffer.Lease;
import io.s3dlio.checkpoint.Fetches.Fetch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Reads boxes of tensors as planned, several requests at a time. What is in one piece in its
 * destination lands there, all else in pooled memory: at most the size of a request for each that
 * is under way. Thread-safe.
 */
final class SliceReader {

  /** The longest wait for memory; as the store's own {@code memory-timeout} unless it is set. */
  private static final Duration MEMORY_TIMEOUT = Duration.ofMinutes(1);

  private final ObjectStore store;
  private final String checkpoint;
  private final Function<Extent, ObjectUri> place;
  private final Fetching how;
  private final int width;

  /**
   * A reader.
   *
   * @param store has the shards; not closed
   * @param checkpoint for messages, such as "step 5"
   * @param place the shard that an extent is in
   * @param how the sizes of requests, and whether to verify
   * @param width how many requests are made at a time, 1 or more
   */
  SliceReader(
      ObjectStore store,
      String checkpoint,
      Function<Extent, ObjectUri> place,
      Fetching how,
      int width) {
    if (width < 1) {
      throw new IllegalArgumentException("one request at a time or more: " + width);
    }
    this.store = store;
    this.checkpoint = checkpoint;
    this.place = place;
    this.how = how;
    this.width = width;
  }

  /**
   * Reads a box into pooled memory.
   *
   * @return its elements in row-major order; the caller closes it
   * @throws ObjectStoreException as {@link #read(List, List)}; of kind OUT_OF_RESOURCES if it does
   *     not fit into the memory budget
   */
  BytesView read(SlicePlan plan) throws ObjectStoreException {
    try (Lease memory =
        store.pool().acquire(plan.size(), "read " + plan.wanted(), MEMORY_TIMEOUT)) {
      read(List.of(plan), List.of(memory.buffers()));
      return memory.freeze();
    }
  }

  /**
   * Reads a box into the caller's memory.
   *
   * @param destination filled from its position on; which then stands behind the last byte
   * @throws ObjectStoreException as {@link #read(List, List)}; the position is then unchanged
   */
  void read(SlicePlan plan, ByteBuffer destination) throws ObjectStoreException {
    if (destination.remaining() < plan.size()) {
      throw new IllegalArgumentException(
          plan.size() + " bytes do not fit into " + destination.remaining());
    }
    int end = destination.position() + (int) plan.size();
    read(List.of(plan), List.of(List.of(destination.duplicate().limit(end))));
    destination.position(end);
  }

  /**
   * Reads boxes, of one tensor or of many, into the caller's memory. What lies near each other in a
   * shard is read in one request. When this returns or throws, nothing is being written there any
   * more.
   *
   * @param plans what to read
   * @param destinations where to, for each plan: buffers that have together, from their positions
   *     to their limits, the size of the plan; they stay as they are
   * @throws ObjectStoreException what went wrong, of the first request that failed; the
   *     destinations may have any content then. Of kind CHECKSUM_MISMATCH if bytes are not those
   *     that were written; of kind CANCELLED if the thread was interrupted
   * @throws IllegalArgumentException if a destination has another size, or a part has too many
   *     checksums or too few
   */
  void read(List<SlicePlan> plans, List<List<ByteBuffer>> destinations)
      throws ObjectStoreException {
    List<Memory> memories = destinations.stream().map(Memory::new).toList();
    for (int i = 0; i < plans.size(); i++) {
      if (memories.get(i).size() != plans.get(i).size()) {
        throw new IllegalArgumentException(
            plans.get(i).size() + " bytes do not go into " + memories.get(i).size());
      }
    }
    Crew.run(new Fetches(plans, how), fetch -> read(fetch, memories), width);
  }

  private void read(Fetch fetch, List<Memory> destinations) throws ObjectStoreException {
    ObjectUri shard = place.apply(fetch.extent());
    try (Landing landing = Landing.of(fetch, destinations, how, this::memory)) {
      landing.read(store, checkpoint, shard);
      landing.deliver(how, checkpoint, shard);
    }
  }

  private Lease memory(long size) throws ObjectStoreException {
    return store.pool().acquire(size, "read of a checkpoint", MEMORY_TIMEOUT);
  }
}
