package io.s3dlio.spi;

import io.s3dlio.ByteSink;
import io.s3dlio.ObjectMeta;
import java.io.IOException;

/** Takes the answer to a read. */
@FunctionalInterface
public interface Receiver {

  /**
   * Called once an attempt, when the store has answered and before the first byte. A later attempt
   * begins anew and its bytes replace the earlier ones. Must not block: it may run on a network
   * thread.
   *
   * @param meta the object, with all that the answer says of it
   * @param offset where the bytes begin in the object
   * @param length how many bytes the answer holds, 0 or more
   * @return where the bytes go
   * @throws IOException if they are not wanted; the read then fails and is not repeated: with the
   *     exception itself if it is an {@link io.s3dlio.ObjectStoreException}, else with one of kind
   *     UNKNOWN whose cause it is
   */
  Landing begin(ObjectMeta meta, long offset, long length) throws IOException;

  /**
   * Where the bytes of an answer go. What the sink throws ends the read as what {@link #begin}
   * throws.
   *
   * @param sink takes them, at offsets from 0, ascending, from one thread at a time. Memory that
   *     its {@code target} gives may be filled on the thread that called {@code read} only, before
   *     that returns, and on others it gives none: the engine can shut {@code write} when a read is
   *     given up, not memory in a network thread's hands. Such threads fill it through {@link
   *     InPlaceSink}, where the sink is one
   * @param length how many are wanted, at most what the answer holds; the backend breaks off the
   *     answer after them and counts the read as successful
   */
  record Landing(ByteSink sink, long length) {}
}
