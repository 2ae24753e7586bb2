package io.s3dlio.spi;

import io.s3dlio.ListEntry;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A listing under way. Used by one thread at a time; the engine closes it. */
public interface ListCursor extends AutoCloseable {

  /**
   * The next entries, in the order of the UTF-8 bytes of their keys.
   *
   * @return one entry or more; none when the listing has ended
   */
  CompletableFuture<List<ListEntry>> next();

  /** Gives up what the listing holds. */
  @Override
  default void close() {}
}
