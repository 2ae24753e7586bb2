package io.s3dlio.jmh;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the head of an HTTP message ends. */
final class Heads {

  private Heads() {}

  /**
   * Reads until a head is complete.
   *
   * @param buffer what was read and not used yet, from position to limit
   * @return its length from the buffer's position, the empty line included; -1 if the connection
   *     ended before its first byte
   */
  static int length(Wire wire, ByteBuffer buffer) throws IOException {
    int seen = 0; // of the four bytes that end it
    for (int length = 0; seen < 4; length++) {
      if (length == buffer.remaining()) {
        buffer.compact();
        if (!buffer.hasRemaining()) {
          throw new IOException("the head of a message is too long");
        }
        int n = wire.read(buffer);
        buffer.flip();
        if (n < 0 && length == 0) {
          return -1;
        }
        if (n < 0) {
          throw new EOFException("the connection ended within the head of a message");
        }
      }
      byte b = buffer.get(buffer.position() + length);
      seen = b == ((seen & 1) == 0 ? '\r' : '\n') ? seen + 1 : b == '\r' ? 1 : 0;
      if (seen == 4) {
        return length + 1;
      }
    }
    throw new AssertionError();
  }
}
