package io.s3dlio.http;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Takes the body of an answer from the client itself, past the stream, which tells of its end only.
 * Called on the connection's thread. If no more is wanted it cancels its subscription to the
 * stream, and takes what still comes without a word.
 */
public interface Intake {

  /**
   * Whether {@link #takeFrom} can be used.
   *
   * @return the same until the body's end
   */
  boolean inPlace();

  /**
   * Takes bytes that the client had to receive itself.
   *
   * @param bytes the memory is the client's again afterwards
   */
  void take(ByteBuffer bytes);

  /**
   * Reads once from the socket into the memory where the bytes are wanted.
   *
   * @param socket does not block
   * @param most bytes to read
   * @return bytes read; 0 if there were none or no more is wanted, -1 at the socket's end
   */
  int takeFrom(ReadableByteChannel socket, int most);
}
