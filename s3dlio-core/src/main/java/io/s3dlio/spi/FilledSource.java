package io.s3dlio.spi;

import io.s3dlio.ByteSource;
import io.s3dlio.buffer.Lease;
import java.io.IOException;

/**
 * A source that may have put bytes into pooled memory before they are asked for. An upload takes
 * that memory over and sends from it; what is not there it reads into memory of its own.
 */
public interface FilledSource extends ByteSource {

  /**
   * Hands over the memory that holds a range. Waits while it is being filled, not for memory.
   *
   * @param offset where the range begins, in bytes from the start, 0 or more
   * @param length its length in bytes; {@code offset + length} is at most {@link #size()}
   * @return memory with these bytes and no others, which the caller closes; or null if this range
   *     has to be read. A range is handed over once
   * @throws IOException if the bytes cannot be had
   */
  Lease take(long offset, long length) throws IOException;
}
