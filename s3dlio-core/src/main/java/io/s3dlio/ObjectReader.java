package io.s3dlio;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * An object that is read from a position on, pinned to the content that it had when the reader was
 * opened: if it is replaced, reads fail with {@link PreconditionFailedException}.
 *
 * <p>Bytes come in chunks of pooled memory. A jump to another position asks for little; a reader
 * that goes on from one chunk to the next gets larger ones, up to the setting {@code part-size},
 * and {@link ReaderOptions#readAhead} bytes in front of its position are asked for before they are
 * wanted. That and one chunk is all the memory that it holds; where there is too little, it reads
 * less ahead.
 *
 * <p>Whoever reads from the first byte to the last, without a jump or an error, gets every byte
 * checked against the CRC-32C that the store keeps, if it keeps one: the last chunk is not given
 * out before the sum is right, and a wrong one is an error of kind CHECKSUM_MISMATCH.
 *
 * <p>For one thread at a time. After an error the position is what it was, and a read tries again.
 * After {@link #close} all methods but that fail with kind INVALID. The writing methods of the
 * channel throw {@link java.nio.channels.NonWritableChannelException}.
 */
public interface ObjectReader extends SeekableByteChannel {

  /**
   * What the store said of the object when the reader was opened.
   *
   * @return size, ETag, content type, user metadata
   */
  ObjectMeta meta();

  /**
   * Reads bytes at the position, which moves behind them.
   *
   * @param dst filled from its position on
   * @return how many bytes: at least one if one fits; -1 at the end of the object and beyond
   * @throws ObjectStoreException what went wrong
   */
  @Override
  int read(ByteBuffer dst) throws ObjectStoreException;

  /**
   * Where the next read begins.
   *
   * @return bytes from the start of the object
   */
  @Override
  long position() throws ObjectStoreException;

  /**
   * Moves; asks the store for nothing.
   *
   * @param newPosition bytes from the start of the object, 0 or more, also beyond its end
   * @return this
   * @throws ObjectStoreException if the reader is closed
   * @throws IllegalArgumentException if it is negative
   */
  @Override
  ObjectReader position(long newPosition) throws ObjectStoreException;

  /**
   * The size of the object.
   *
   * @return bytes
   */
  @Override
  long size() throws ObjectStoreException;

  /**
   * This reader as a stream that begins at its position and moves it. Closing the stream closes the
   * reader.
   *
   * @return the stream, for the thread of the reader; worth a {@link java.io.BufferedInputStream}
   *     only where single bytes are read
   */
  InputStream inputStream();

  /** Gives up what was asked for ahead, and the memory. Harmless when done before. */
  @Override
  void close();
}
