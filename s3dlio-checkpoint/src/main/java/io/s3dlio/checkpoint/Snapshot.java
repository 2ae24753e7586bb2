package io.s3dlio.checkpoint;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
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

  /** Copies; empty if there is no memory for that, within the patience of the options. */
  static Optional<Snapshot> of(Site site, ByteSource opaque, Map<String, GivenTensor> tensors)
      throws ObjectStoreException {
    long size = opaque == null ? 0 : opaque.size();
    for (GivenTensor tensor : tensors.values()) {
      size = Math.addExact(size, tensor.bytes().size());
    }
    BufferPool pool = site.store().pool();
    if (pool.cost(size) > pool.limit()) {
      return Optional.empty();
    }
    try (Lease lease = pool.acquire(size, "snapshot of a checkpoint", site.options().patience())) {
      return Optional.of(copy(lease, opaque, tensors));
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.OUT_OF_RESOURCES) {
        return Optional.empty();
      }
      throw e;
    } catch (IOException e) {
      throw new ObjectStoreException(
          Kind.UNKNOWN,
          "checkpoint",
          site.places().base(),
          "a tensor cannot be read: " + e.getMessage(),
          e);
    }
  }

  private static Snapshot copy(Lease lease, ByteSource opaque, Map<String, GivenTensor> tensors)
      throws IOException {
    long at = 0;
    if (opaque != null) {
      fill(lease, 0, opaque);
    }
    for (GivenTensor tensor : tensors.values()) {
      at += fill(lease, at, tensor.bytes());
    }
    BytesView memory = lease.freeze();
    ByteSource all = ByteSources.of(memory);
    Map<String, GivenTensor> copies = new LinkedHashMap<>();
    at = 0;
    for (Map.Entry<String, GivenTensor> entry : tensors.entrySet()) {
      GivenTensor one = entry.getValue();
      ByteSource copy = ByteSources.slice(all, at, one.bytes().size());
      copies.put(entry.getKey(), new GivenTensor(one.dtype(), one.shape(), one.slice(), copy));
      at += one.bytes().size();
    }
    return new Snapshot(memory, opaque == null ? null : all, copies);
  }

  /** Reads a source to an offset of the memory, which is in pieces. */
  private static long fill(Lease lease, long offset, ByteSource source) throws IOException {
    long begin = 0;
    for (ByteBuffer piece : lease.buffers()) {
      long from = Math.max(offset, begin);
      long to = Math.min(offset + source.size(), begin + piece.capacity());
      if (from < to) {
        source.read(from - offset, piece.slice((int) (from - begin), (int) (to - from)));
      }
      begin += piece.capacity();
    }
    return source.size();
  }

  @Override
  public void close() {
    memory.close();
  }
}
