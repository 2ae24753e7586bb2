package io.s3dlio;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes that can be read at any offset, again and again: a buffer, a file, a generated object, a
 * remote object.
 *
 * <p>Because reads are positional, the parts of an upload can be read in parallel and a part can be
 * read again when its request must be repeated. A source is therefore <b>thread-safe</b> and
 * unchanging: two reads of one range give the same bytes, whoever makes them, in whatever order.
 *
 * <p>A source that holds a resource (a file, say) also implements {@link AutoCloseable}; whoever
 * opened it closes it, after the last operation that uses it has finished.
 */
public interface ByteSource {

  /**
   * The number of bytes.
   *
   * @return bytes, 0 or more; the same at every call
   */
  long size();

  /**
   * Reads exactly {@code dst.remaining()} bytes.
   *
   * @param offset where to read, in bytes from the start, 0 or more; {@code offset +
   *     dst.remaining()} is at most {@link #size()}
   * @param dst where the bytes go, from its position to its limit; afterwards its position is its
   *     limit
   * @throws IndexOutOfBoundsException if the range is not inside the source
   * @throws IOException if the bytes cannot be had; {@code dst} may then hold some of them
   */
  void read(long offset, ByteBuffer dst) throws IOException;

  /**
   * The bytes of a range in place, without a copy, if the source has them in memory.
   *
   * @param offset where the range begins, in bytes from the start, 0 or more
   * @param length its length in bytes, 0 or more; {@code offset + length} is at most {@link
   *     #size()}
   * @return a read-only buffer of {@code length} bytes at position 0, valid as long as the source
   *     is; or null if this source has to be read
   * @throws IndexOutOfBoundsException if the range is not inside the source
   */
  default ByteBuffer view(long offset, int length) {
    return null;
  }
}
