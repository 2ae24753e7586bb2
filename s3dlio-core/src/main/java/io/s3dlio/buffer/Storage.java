package io.s3dlio.buffer;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory behind a lease and then behind views: who holds it, and how many handles there are.
 */
final class Storage {

  final BufferPool pool;
  final Object holder;
  final long size;
  final long cost;
  final Throwable site;

  private final AtomicInteger handles = new AtomicInteger(1);

  Storage(BufferPool pool, Object holder, long size, long cost) {
    this.pool = pool;
    this.holder = holder;
    this.size = size;
    this.cost = cost;
    this.site = BufferPool.TRACE ? new Throwable("taken here") : null;
  }

  /** Another handle. The caller has one, so the count is above zero. */
  void retain() {
    handles.incrementAndGet();
  }

  /** A handle is gone; with the last one the memory goes back. */
  void release(List<ByteBuffer> pieces) {
    if (handles.decrementAndGet() == 0) {
      pool.release(this, pieces);
    }
  }

  /** Gives all back, whatever the handles. */
  void giveBack(List<ByteBuffer> pieces) {
    pool.release(this, pieces);
  }

  String describe() {
    if (site == null) {
      return String.valueOf(holder);
    }
    StringBuilder text = new StringBuilder(String.valueOf(holder)).append(" (");
    StackTraceElement[] frames = site.getStackTrace();
    for (int i = 0; i < frames.length && i < 12; i++) {
      text.append(i == 0 ? "" : " < ").append(frames[i]);
    }
    return text.append(')').toString();
  }
}
