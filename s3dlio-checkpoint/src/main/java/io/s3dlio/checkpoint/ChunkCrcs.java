package io.s3dlio.checkpoint;

import io.s3dlio.ByteSink;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Memory that knows the CRC-32C of its chunks. It is taken as the bytes land, when they are in the
 * cache, for as long as they land one after the other; what lands otherwise is read again when it
 * is asked for. What lands once more counts as it is at last.
 */
final class ChunkCrcs implements ByteSink {

  private final Memory memory;
  private final long[] ends;

  // Guarded by this: the CRCs of the chunks before the one that bytes land in, and of its
  // beginning.
  private final int[] crcs;
  private final CRC32C crc = new CRC32C();
  private int chunk;
  private long at;

  /**
   * Over memory.
   *
   * @param ends where the chunks end, in order; the last where the memory does
   */
  ChunkCrcs(Memory memory, long[] ends) {
    this.memory = memory;
    this.ends = ends;
    this.crcs = new int[ends.length];
  }

  @Override
  public void write(long offset, ByteBuffer src) {
    ByteBuffer bytes = src.duplicate();
    memory.write(offset, src);
    landed(offset, bytes);
  }

  @Override
  public ByteBuffer target(long offset, int length) {
    return memory.target(offset, length);
  }

  @Override
  public void filled(long offset, int length) {
    long from = offset;
    for (ByteBuffer bytes : memory.slices(offset, length)) {
      landed(from, bytes);
      from += bytes.capacity();
    }
  }

  private synchronized void landed(long offset, ByteBuffer bytes) {
    if (offset < at) { // once more
      chunk = 0;
      crc.reset();
      at = offset == 0 ? 0 : Long.MAX_VALUE;
    }
    if (offset != at) {
      return;
    }
    int end = bytes.limit();
    while (bytes.position() < end) {
      int n = (int) Math.min(end - bytes.position(), ends[chunk] - at);
      crc.update(bytes.limit(bytes.position() + n));
      at += n;
      if (at == ends[chunk]) {
        crcs[chunk] = (int) crc.getValue();
        chunk++;
        crc.reset();
      }
    }
  }

  /** Of the chunk that begins at an offset, once all has landed. */
  synchronized int at(long begin) {
    int index = begin == 0 ? 0 : Arrays.binarySearch(ends, begin) + 1;
    if (index < chunk) {
      return crcs[index];
    }
    CRC32C own = new CRC32C();
    memory.slices(begin, ends[index] - begin).forEach(own::update);
    return (int) own.getValue();
  }
}
