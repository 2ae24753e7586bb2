package io.s3dlio.file;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Memory for bytes on their way, in blocks that are kept for the next request: never more than
 * there were requests at the same time.
 */
final class Blocks {

  private final int unit;
  private final int size;
  private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();

  /**
   * Has none yet.
   *
   * @param unit what they are aligned to, a power of two
   * @param size bytes of each, at least; becomes a multiple of the unit
   */
  Blocks(int unit, int size) {
    this.unit = unit;
    this.size = Math.max(unit, size);
  }

  int unit() {
    return unit;
  }

  int size() {
    return size;
  }

  ByteBuffer borrow() {
    ByteBuffer block = idle.poll();
    return block != null
        ? block.clear()
        : ByteBuffer.allocateDirect(size + unit).alignedSlice(unit).slice(0, size);
  }

  /** Takes one back; null was none. */
  void giveBack(ByteBuffer block) {
    if (block != null) {
      idle.add(block);
    }
  }

  /** The length in whole units. */
  int roundUp(int length) {
    return (length + unit - 1) & -unit;
  }

  /** Whether a buffer's bytes lie in memory as those of a block do. */
  boolean isAligned(ByteBuffer buffer) {
    return buffer.isDirect()
        && buffer.remaining() % unit == 0
        && buffer.alignmentOffset(buffer.position(), unit) == 0;
  }
}
