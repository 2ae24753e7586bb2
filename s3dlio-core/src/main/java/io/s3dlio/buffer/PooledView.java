package io.s3dlio.buffer;

import io.s3dlio.BytesView;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** A handle on pooled memory. */
final class PooledView implements BytesView {

  private static final Cleaner CLEANER = Cleaner.create();

  private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

  private final Handle handle;
  private final Cleaner.Cleanable report;
  private final List<ByteBuffer> bytes;
  private final long size;

  /** Takes over the caller's handle on the storage. */
  PooledView(Storage storage, List<ByteBuffer> slabs, List<ByteBuffer> bytes) {
    this.handle = new Handle(storage, slabs);
    this.bytes = bytes;
    this.size = sum(bytes);
    this.report = CLEANER.register(this, handle);
  }

  private static long sum(List<ByteBuffer> bytes) {
    long sum = 0;
    for (ByteBuffer piece : bytes) {
      sum += piece.remaining();
    }
    return sum;
  }

  @Override
  public long size() {
    handle.checkOpen();
    return size;
  }

  @Override
  public ByteBuffer asByteBuffer() {
    handle.checkOpen();
    if (bytes.size() > 1) {
      throw new IllegalStateException(
          size + " bytes are in " + bytes.size() + " pieces; use asByteBuffers()");
    }
    return readOnly(bytes.isEmpty() ? EMPTY : bytes.get(0));
  }

  @Override
  public List<ByteBuffer> asByteBuffers() {
    handle.checkOpen();
    return bytes.stream().map(PooledView::readOnly).toList();
  }

  private static ByteBuffer readOnly(ByteBuffer piece) {
    return piece.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public BytesView slice(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, size());
    List<ByteBuffer> part = new ArrayList<>();
    long at = 0;
    for (ByteBuffer piece : bytes) {
      long from = Math.max(offset, at);
      long to = Math.min(offset + length, at + piece.capacity());
      if (from < to) {
        part.add(piece.slice((int) (from - at), (int) (to - from)));
      }
      at += piece.capacity();
    }
    return new PooledView(handle.another(), handle.slabs, part);
  }

  @Override
  public void close() {
    handle.close();
    report.clean(); // there is nothing to report any more
  }

  @Override
  public String toString() {
    return "BytesView[" + size + " bytes, " + handle.storage.holder + "]";
  }

  /** What outlives the view, so that one which is lost can be reported. */
  private static final class Handle implements Runnable {

    final Storage storage;
    final List<ByteBuffer> slabs;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Handle(Storage storage, List<ByteBuffer> slabs) {
      this.storage = storage;
      this.slabs = slabs;
    }

    void checkOpen() {
      if (!open.get()) {
        throw new IllegalStateException("this view was closed: " + storage.holder);
      }
    }

    /** Counts a handle for another view, if this one is still there to do so. */
    synchronized Storage another() {
      checkOpen();
      storage.retain();
      return storage;
    }

    synchronized void close() {
      if (open.compareAndSet(true, false)) {
        storage.release(slabs);
      }
    }

    /** Called by the cleaner, when the view can no longer be reached. */
    @Override
    public void run() {
      if (open.get()) {
        System.getLogger("io.s3dlio.buffer")
            .log(
                System.Logger.Level.WARNING,
                "LEAK: {0} bytes were never closed: {1}{2}",
                storage.size,
                storage.describe(),
                BufferPool.TRACE ? "" : "; -Ds3dlio.buffer.trace=true tells where they were taken");
      }
    }
  }
}
