package io.s3dlio.checkpoint;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A copy of what a rank saves, in one piece of pooled memory.
 *
 * @param memory holds it
 * @param opaque the copy of an opaque shard; null if there is none
 * @param tensors the copies of tensors, by name
 */
record Snapshot(BytesView memory, ByteSource opaque, Map<String, GivenTensor> tensors)
    implements AutoCloseable {

  /** How many requests' worth of memory has to stay free, for bytes that lie across two tensors. */
  private static final int SPARE_REQUESTS = 2;

  /**
   * Copies; empty if there is no memory for that, within the patience of the options. It does not
   * stand in line for memory: those behind it would be held up, among them the saves whose copies
   * it waits for.
   *
   * @param shard where it will be written
   */
  static Optional<Snapshot> of(
      Site site, ObjectUri shard, ByteSource opaque, Map<String, GivenTensor> tensors)
      throws ObjectStoreException {
    long size = opaque == null ? 0 : opaque.size();
    for (GivenTensor tensor : tensors.values()) {
      size = Math.addExact(size, tensor.bytes().size());
    }
    Optional<Lease> memory = memory(site, shard, size);
    if (memory.isEmpty()) {
      return Optional.empty();
    }
    try (Lease lease = memory.get()) {
      return Optional.of(copy(site, lease, opaque, tensors));
    }
  }

  private static Optional<Lease> memory(Site site, ObjectUri shard, long size)
      throws ObjectStoreException {
    BufferPool pool = site.store().pool();
    long spare = SPARE_REQUESTS * pool.cost(site.store().requestSize(shard, size));
    if (pool.cost(size) > pool.limit() - spare) {
      return Optional.empty();
    }
    try {
      return Patience.of(site.options())
          .within(shard, () -> pool.tryAcquire(size, spare, "snapshot of a checkpoint"));
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.OUT_OF_RESOURCES) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A source, and where it goes. */
  private record Copy(ByteSource source, long offset) {}

  /** On all CPUs: the caller waits for it, and for nothing else. */
  private static Snapshot copy(
      Site site, Lease lease, ByteSource opaque, Map<String, GivenTensor> tensors)
      throws ObjectStoreException {
    List<Copy> copies = new ArrayList<>();
    if (opaque != null) {
      copies.add(new Copy(opaque, 0));
    }
    long at = 0;
    for (GivenTensor tensor : tensors.values()) {
      copies.add(new Copy(tensor.bytes(), at));
      at += tensor.bytes().size();
    }
    Crew.run(
        copies.iterator(),
        copy -> fill(site, lease, copy),
        Runtime.getRuntime().availableProcessors());
    BytesView memory = lease.freeze();
    ByteSource all = ByteSources.of(memory);
    Map<String, GivenTensor> copied = new LinkedHashMap<>();
    at = 0;
    for (Map.Entry<String, GivenTensor> entry : tensors.entrySet()) {
      GivenTensor one = entry.getValue();
      ByteSource copy = ByteSources.slice(all, at, one.bytes().size());
      copied.put(entry.getKey(), new GivenTensor(one.dtype(), one.shape(), one.slice(), copy));
      at += one.bytes().size();
    }
    return new Snapshot(memory, opaque == null ? null : all, copied);
  }

  /** Reads a source to where it goes in the memory, which is in pieces. */
  private static void fill(Site site, Lease lease, Copy copy) throws ObjectStoreException {
    long end = copy.offset + copy.source.size();
    long begin = 0;
    try {
      for (ByteBuffer piece : lease.buffers()) {
        long from = Math.max(copy.offset, begin);
        long to = Math.min(end, begin + piece.capacity());
        if (from < to) {
          ByteBuffer target = piece.slice((int) (from - begin), (int) (to - from));
          copy.source.read(from - copy.offset, target);
        }
        begin += piece.capacity();
      }
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw CheckpointWriter.unreadable(site.places().base(), e);
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
