package io.s3dlio;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * An object that is written from its first byte to its last, of a length that need not be known.
 * Nothing of it is visible until {@link #finish}; closed without that, it leaves nothing behind.
 *
 * <pre>{@code
 * try (ObjectWriter writer = store.writer(uri)) {
 *   table.writeTo(writer.outputStream());
 *   writer.finish();
 * }
 * }</pre>
 *
 * <p>Bytes are gathered in a part of pooled memory. A full part is sent while the next is filled;
 * when {@link WriterOptions#inFlight} parts are on their way, the writer waits for the oldest: so
 * it holds one part more than that, and no more, however long the object. What fits into one part
 * is sent in one request.
 *
 * <p>For one thread at a time. A method that sends may throw what went wrong with an earlier part;
 * the writer is then of no more use and is to be closed. After {@link #finish} or {@link #close}
 * all methods but those fail with kind INVALID.
 */
public interface ObjectWriter extends WritableByteChannel {

  /**
   * Writes all of a buffer, by copying it.
   *
   * @param src the bytes, from its position to its limit; afterwards its position is its limit
   * @return how many bytes: all
   * @throws ObjectStoreException what went wrong; of kind INVALID if there are more bytes than
   *     {@link WriterOptions#size} said
   */
  @Override
  int write(ByteBuffer src) throws ObjectStoreException;

  /**
   * The rest of the part at hand, for a producer that makes its bytes where they are sent from.
   * {@link #commit} takes what was put there; until then nothing of it is written.
   *
   * @return writable direct memory, at least one byte, at position 0; valid until the next call of
   *     any method of this writer
   * @throws ObjectStoreException as {@link #write}
   */
  ByteBuffer reserve() throws ObjectStoreException;

  /**
   * Writes the first bytes of what {@link #reserve} gave, without a copy. Each commit needs a
   * reserve of its own.
   *
   * @param length how many bytes, 0 to what was reserved
   * @throws ObjectStoreException if the writer is closed
   * @throws IllegalArgumentException if so much was not reserved
   */
  void commit(int length) throws ObjectStoreException;

  /**
   * Writes all that a channel gives until its end, straight into the memory that is sent.
   *
   * @param source a channel that blocks; not closed
   * @return how many bytes
   * @throws ObjectStoreException as {@link #write}
   * @throws IOException what reading the source throws
   */
  long transferFrom(ReadableByteChannel source) throws IOException;

  /**
   * This writer as a stream. Closing the stream neither finishes nor closes the writer: whoever is
   * given a stream closes it after a failure too.
   *
   * @return the stream, for the thread of the writer; worth a {@link java.io.BufferedOutputStream}
   *     only where single bytes are written
   */
  OutputStream outputStream();

  /**
   * How many bytes were written.
   *
   * @return bytes, 0 or more
   */
  long written();

  /**
   * Sends what is left and makes the object.
   *
   * @return what the store answers
   * @throws ObjectStoreException what went wrong, with this part or an earlier one; of kind INVALID
   *     if there are fewer bytes than {@link WriterOptions#size} said. The object is then as it was
   *     before; after a TIMEOUT it is as before or complete
   */
  PutResult finish() throws ObjectStoreException;

  /**
   * Gives the object up, unless it is finished: nothing of it is left in the store. Harmless when
   * done before.
   *
   * @throws ObjectStoreException if that cannot be made sure
   */
  @Override
  void close() throws ObjectStoreException;
}
