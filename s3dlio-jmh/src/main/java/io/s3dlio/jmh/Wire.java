package io.s3dlio.jmh;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One side of a connection, blocking: the bytes that the application sees. */
interface Wire extends Closeable {

  /**
   * Takes what is there, and waits while nothing is.
   *
   * @param dst has room
   * @return how many bytes, at least one, or -1 at the end
   */
  int read(ByteBuffer dst) throws IOException;

  /** Sends all of it. */
  void write(ByteBuffer src) throws IOException;
}
