package io.s3dlio.datagen;

import io.s3dlio.BytesView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory that slices are cut from; it goes back with the last one.
 *
 * <p>A slice is a view that costs two small objects, less than those of {@link BytesView#slice} do:
 * the chunk, and not each slice, is known to the pool of memory. If a slice is lost, so is the
 * chunk, which is then reported.
 */
final class SliceChunk {

  private final BytesView whole;
  private final ByteBuffer bytes;

  /** The slices that are open, and one for whoever cuts. */
  private final AtomicInteger handles = new AtomicInteger(1);

  /** Takes over the view. */
  SliceChunk(BytesView whole) {
    this.whole = whole;
    this.bytes = whole.asByteBuffer();
  }

  /** A range; the caller has a handle. */
  BytesView slice(int from, int length) {
    handles.incrementAndGet();
    return new Slice(this, from, length);
  }

  void release() {
    if (handles.decrementAndGet() == 0) {
      whole.close();
    }
  }

  /** A range of a chunk. */
  private static final class Slice implements BytesView {

    private final SliceChunk chunk;
    private final int from;
    private final int length;
    private volatile boolean closed;

    Slice(SliceChunk chunk, int from, int length) {
      this.chunk = chunk;
      this.from = from;
      this.length = length;
    }

    @Override
    public long size() {
      checkOpen();
      return length;
    }

    @Override
    public ByteBuffer asByteBuffer() {
      checkOpen();
      return chunk.bytes.slice(from, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public List<ByteBuffer> asByteBuffers() {
      return List.of(asByteBuffer());
    }

    /** Locked, so that the chunk does not go back meanwhile. */
    @Override
    public synchronized BytesView slice(long offset, long part) {
      checkOpen();
      Objects.checkFromIndexSize(offset, part, length);
      return chunk.slice(from + (int) offset, (int) part);
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        chunk.release();
      }
    }

    private void checkOpen() {
      if (closed) {
        throw new IllegalStateException("this slice was closed");
      }
    }

    @Override
    public String toString() {
      return "BytesView[" + length + " bytes, slices]";
    }
  }
}
