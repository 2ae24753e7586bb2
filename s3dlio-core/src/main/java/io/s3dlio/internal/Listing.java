package io.s3dlio.internal;

import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.spi.ListCursor;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A listing as a stream: a page is asked for when its first entry is. */
public final class Listing extends AbstractSpliterator<ListEntry> {

  /** A look at the arguments, before the first request. */
  @FunctionalInterface
  public interface Check {
    /**
     * Looks.
     *
     * @throws ObjectStoreException if they are wrong
     */
    void run() throws ObjectStoreException;
  }

  private final Engine engine;
  private final ObjectUri prefix;
  private final ListOptions options;
  private final Check check;

  private ListCursor cursor;
  private Iterator<ListEntry> page = List.<ListEntry>of().iterator();
  private long left;
  private boolean closed;

  private Listing(Engine engine, ObjectUri prefix, ListOptions options, Check check) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT);
    this.engine = engine;
    this.prefix = prefix;
    this.options = options;
    this.check = check;
    this.left = options.limit();
  }

  /**
   * Lists.
   *
   * @param engine of the store
   * @param prefix of keys
   * @param options which entries
   * @param check run before the first request
   * @return the entries, which the caller closes
   */
  public static Stream<ListEntry> stream(
      Engine engine, ObjectUri prefix, ListOptions options, Check check) {
    Listing listing = new Listing(engine, prefix, options, check);
    return StreamSupport.stream(listing, false).onClose(listing::close);
  }

  @Override
  public boolean tryAdvance(Consumer<? super ListEntry> action) {
    if (left == 0) {
      return false;
    }
    if (!page.hasNext() && !closed) {
      page = nextPage().iterator();
    }
    if (!page.hasNext()) {
      close();
      return false;
    }
    action.accept(page.next());
    if (--left == 0) {
      close();
    }
    return true;
  }

  private List<ListEntry> nextPage() {
    try {
      if (cursor == null) {
        check.run();
        cursor = engine.backend.list(prefix, options);
      }
      return engine.call("list", prefix, cursor::next);
    } catch (ObjectStoreException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void close() {
    if (!closed && cursor != null) {
      cursor.close();
    }
    closed = true;
  }
}
