package io.s3dlio.datagen;

import java.nio.ByteBuffer;

/**
 * Makes the bytes of an object page by page. A page is small enough to stay in the first-level
 * cache on its way to the caller's buffer, or beside the bytes that it is compared with.
 *
 * <p>One instance serves one thread; it remembers where in a block it stands, so that reading on
 * costs nothing twice.
 */
final class Pages {

  /** Bytes that are made at once. */
  static final int PAGE = 4096;

  /** Pages that follow from one another: a block of 32 KiB is seeded on its own. */
  private static final int PAGES_PER_BLOCK = 8;

  static final int BLOCK = PAGES_PER_BLOCK * PAGE;

  private static final ThreadLocal<Pages> OF_THREAD = ThreadLocal.withInitial(Pages::new);

  private final long[] state = new long[4 * ScalarKernel.LANES];
  private final byte[] page = new byte[PAGE];
  private final ByteBuffer pageBuffer = ByteBuffer.wrap(page);
  private StreamKey key;
  private long index;

  static Pages ofThisThread() {
    return OF_THREAD.get();
  }

  /**
   * The bytes of a page of an object, valid until the next call; they must not be changed.
   *
   * @param index which page, 0 being the first
   */
  byte[] page(StreamKey key, long index) {
    boolean sameBlock =
        key.equals(this.key) && index / PAGES_PER_BLOCK == this.index / PAGES_PER_BLOCK;
    if (!sameBlock || index < this.index) {
      long block = index / PAGES_PER_BLOCK;
      key.seed(block, state);
      this.key = key;
      this.index = block * PAGES_PER_BLOCK - 1;
    }
    while (this.index < index) {
      ScalarKernel.fill(state, page);
      this.index++;
    }
    return page;
  }

  /**
   * A part of the page that was made last, as a buffer; valid until the next call of any method.
   */
  ByteBuffer asBuffer(int from, int length) {
    return pageBuffer.limit(from + length).position(from);
  }
}
