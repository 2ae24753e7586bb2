package io.s3dlio.spi;

import io.s3dlio.ByteSink;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;

/**
 * A sink whose memory any thread may fill from a channel, one read at a time. What the engine gives
 * as {@link Receiver.Landing#sink} may be one; a backend that receives from a socket asks with
 * {@code instanceof} and {@link #inPlace}.
 *
 * <p>The memory is never handed out: each read happens under the lock that giving the read up takes
 * too. So a request that was given up writes no byte into memory that may be someone else's by now.
 */
public interface InPlaceSink extends ByteSink {

  /**
   * Whether {@link #readFrom} can be used. Asked before the first byte; the answer holds to the
   * last.
   *
   * @return false if {@link #write} has to be used
   */
  boolean inPlace();

  /**
   * Reads once from a channel into the sink's memory.
   *
   * @param offset where the bytes belong, right behind those that are there
   * @param channel where they come from; must not block
   * @param most bytes to read, 1 or more; fewer are read where fewer are wanted
   * @return bytes read, 0 if there were none, -1 at the channel's end
   * @throws IOException if the bytes are not wanted any more, or what the channel throws
   */
  int readFrom(long offset, ReadableByteChannel channel, int most) throws IOException;
}
