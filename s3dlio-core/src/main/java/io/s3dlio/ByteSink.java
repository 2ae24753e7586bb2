package io.s3dlio;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where bytes land, at any offset and in any order: a buffer, a file, a digest, a check against a
 * generated object, nowhere.
 *
 * <p>Because writes are positional, the parts of a download can land in parallel and a part can be
 * written again when its request must be repeated. A sink is therefore <b>thread-safe</b> for
 * writes of different ranges, and a range may be written more than once: the last write counts.
 *
 * <p>A sink that holds a resource also implements {@link AutoCloseable}; whoever opened it closes
 * it, after the last operation that uses it has finished.
 */
public interface ByteSink {

  /**
   * Takes all of {@code src.remaining()} bytes.
   *
   * @param offset where they belong, in bytes from the start, 0 or more
   * @param src the bytes, from its position to its limit; afterwards its position is its limit. The
   *     memory belongs to the caller again when the method returns
   * @throws IOException if the bytes are refused or cannot be kept; the transfer then fails
   */
  void write(long offset, ByteBuffer src) throws IOException;

  /**
   * Memory in which the bytes of a range can be put directly, without a call of {@link #write}, if
   * the sink has such memory. Whoever fills it says so with {@link #filled}.
   *
   * @param offset where the range begins, in bytes from the start, 0 or more
   * @param length its length in bytes, 1 or more
   * @return a writable buffer of {@code length} bytes at position 0; or null if {@link #write} has
   *     to be used
   */
  default ByteBuffer target(long offset, int length) {
    return null;
  }

  /**
   * Says that the bytes of a range have been put into the memory that {@link #target} gave.
   *
   * @param offset where the range begins, in bytes from the start
   * @param length its length in bytes
   * @throws IOException if the bytes are refused; the transfer then fails
   */
  default void filled(long offset, int length) throws IOException {}
}
