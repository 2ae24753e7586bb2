package io.s3dlio.datagen;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import java.nio.ByteBuffer;

/** Slices of one object that follow each other. For one thread at a time. */
final class SliceStream implements AutoCloseable {

  private final GeneratedObject object;
  private final int grain;
  private final BufferPool memory;
  private SliceChunk chunk;
  private long nextOffset;
  private int used = SlicePool.CHUNK_SIZE;

  /**
   * Makes nothing yet.
   *
   * @param object whose bytes, which never end
   * @param grain what slices begin at a multiple of
   */
  SliceStream(GeneratedObject object, int grain, BufferPool memory) {
    this.object = object;
    this.grain = grain;
    this.memory = memory;
  }

  BytesView next(int size) throws ObjectStoreException {
    if (size > SlicePool.CHUNK_SIZE - used) {
      refill();
    }
    BytesView slice = chunk.slice(used, size);
    used += (size + grain - 1) / grain * grain;
    return slice;
  }

  /** What is left of the chunk before is dropped. */
  private void refill() throws ObjectStoreException {
    close();
    try (Lease lease =
        memory.acquire(SlicePool.CHUNK_SIZE, "slices", DataGenerator.MEMORY_TIMEOUT)) {
      ByteBuffer bytes = lease.buffers().get(0);
      object.read(nextOffset, bytes);
      nextOffset += SlicePool.CHUNK_SIZE;
      chunk = new SliceChunk(lease.freeze());
      used = 0;
    }
  }

  @Override
  public void close() {
    used = SlicePool.CHUNK_SIZE;
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
  }
}
