package io.s3dlio;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;

/**
 * An owned handle on bytes that do not change. The memory behind it goes back to its pool when the
 * last handle on it is closed.
 *
 * <p>Handles may be used by several threads; {@link #close} is idempotent. After it, every other
 * method throws {@link IllegalStateException}. A {@link ByteBuffer} got earlier stays readable
 * memory, but what it then shows is undefined: the slab may be in use again. With {@code
 * -Ds3dlio.buffer.check=true} memory that goes back is overwritten, so that such use shows. A
 * handle that is lost without being closed is reported in the log, and its memory stays taken.
 */
public interface BytesView extends AutoCloseable {

  /**
   * How many bytes.
   *
   * @return bytes, 0 or more; may exceed 2 GiB
   */
  long size();

  /**
   * All bytes as one buffer, without a copy.
   *
   * @return read-only, position 0, little-endian
   * @throws IllegalStateException if the bytes are not in one piece of at most 2 GiB - 1: use
   *     {@link #asByteBuffers}
   */
  ByteBuffer asByteBuffer();

  /**
   * All bytes in order, without a copy, in pieces of at most 1 GiB.
   *
   * @return read-only buffers, each at position 0, little-endian
   */
  List<ByteBuffer> asByteBuffers();

  /**
   * A range as a handle of its own, which has to be closed too.
   *
   * @param offset where it begins, in bytes
   * @param length how many bytes
   * @return a new handle on the same memory
   * @throws IndexOutOfBoundsException if the range is not inside
   */
  BytesView slice(long offset, long length);

  /**
   * The same bytes as a handle of its own, which has to be closed too.
   *
   * @return a new handle on the same memory
   */
  default BytesView share() {
    return slice(0, size());
  }

  /**
   * A copy on the heap.
   *
   * @return a new array
   * @throws IllegalStateException if there are more than 2 GiB - 9 bytes
   */
  default byte[] toByteArray() {
    if (size() > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(size() + " bytes do not fit into a byte[]");
    }
    byte[] copy = new byte[(int) size()];
    int at = 0;
    for (ByteBuffer piece : asByteBuffers()) {
      int n = piece.remaining();
      piece.get(copy, at, n);
      at += n;
    }
    return copy;
  }

  /**
   * The bytes as little-endian 32-bit floating point numbers, without a copy.
   *
   * @return read-only
   * @throws IllegalStateException if the bytes are not in one piece
   */
  default FloatBuffer asFloatBuffer() {
    return asByteBuffer().asFloatBuffer();
  }

  /**
   * The bytes as little-endian 64-bit integers, without a copy.
   *
   * @return read-only
   * @throws IllegalStateException if the bytes are not in one piece
   */
  default LongBuffer asLongBuffer() {
    return asByteBuffer().asLongBuffer();
  }

  /** Gives the handle back. Harmless when done before. */
  @Override
  void close();
}
