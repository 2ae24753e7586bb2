package io.s3dlio;

import io.s3dlio.internal.Engine;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The operations of an {@link ObjectStore}, none of which blocks: each runs on one of the store's
 * {@code max-concurrency} threads, in the order of the calls, and more wait for their turn. Futures
 * fail with what the blocking method throws. Cancelling one gives its requests up; a result that
 * comes too late is closed. What was cancelled may go on for a moment: it may still read its
 * source, and write into its sink or buffer.
 */
public final class AsyncObjectStore {

  private final ObjectStore store;
  private final Engine engine;

  AsyncObjectStore(ObjectStore store, Engine engine) {
    this.store = store;
    this.engine = engine;
  }

  /**
   * See {@link ObjectStore#get(ObjectUri)}.
   *
   * @param uri the object
   * @return its bytes, which the caller closes
   */
  public CompletableFuture<BytesView> get(ObjectUri uri) {
    return engine.submit(() -> store.get(uri), BytesView::close);
  }

  /**
   * See {@link ObjectStore#get(ObjectUri, GetOptions)}.
   *
   * @param uri the object
   * @param options what to read
   * @return the bytes and what is known of the object; the caller closes it
   */
  public CompletableFuture<GetResult> get(ObjectUri uri, GetOptions options) {
    return engine.submit(() -> store.get(uri, options), GetResult::close);
  }

  /**
   * See {@link ObjectStore#get(ObjectUri, ByteSink, GetOptions)}.
   *
   * @param uri the object
   * @param sink takes the bytes
   * @param options what to read
   * @return what is known of the object
   */
  public CompletableFuture<ReadResult> get(ObjectUri uri, ByteSink sink, GetOptions options) {
    return submit(() -> store.get(uri, sink, options));
  }

  /**
   * See {@link ObjectStore#readInto}.
   *
   * @param uri the object
   * @param offset where to begin, in bytes
   * @param dst the caller's memory, not to be used until the future has a value or an error of the
   *     store; if it is cancelled, not any more, since that is done before the read has stopped
   * @return how many bytes were read, or -1
   */
  public CompletableFuture<Integer> readInto(ObjectUri uri, long offset, ByteBuffer dst) {
    return submit(() -> store.readInto(uri, offset, dst));
  }

  /**
   * See {@link ObjectStore#getMany}.
   *
   * @param items what to read
   * @param options how
   * @return an outcome for each; the caller closes it
   */
  public CompletableFuture<GetManyResult> getMany(List<GetItem> items, ManyOptions options) {
    return engine.submit(() -> store.getMany(items, options), GetManyResult::close);
  }

  /**
   * See {@link ObjectStore#streamMany}.
   *
   * @param items what to read
   * @param options how
   * @param consumer takes the outcomes in the order of the input, on one thread of the store, and
   *     closes the results; what it throws ends the stream and fails the future
   * @return done when all were taken; if it is cancelled, no further outcome is handed out
   */
  public CompletableFuture<Void> streamMany(
      List<GetItem> items, ManyOptions options, Consumer<Outcome<GetResult>> consumer) {
    return submit(
        () -> {
          try (ManyStream stream = store.streamMany(items, options)) {
            while (stream.hasNext() && !Thread.currentThread().isInterrupted()) {
              consumer.accept(stream.next());
            }
            return null;
          }
        });
  }

  /**
   * See {@link ObjectStore#getRanges}.
   *
   * @param uri the object
   * @param ranges which bytes
   * @param options how
   * @return the bytes of each range; the caller closes it
   */
  public CompletableFuture<RangesResult> getRanges(
      ObjectUri uri, List<? extends ByteRange> ranges, RangesOptions options) {
    return engine.submit(() -> store.getRanges(uri, ranges, options), RangesResult::close);
  }

  /**
   * See {@link ObjectStore#headMany}.
   *
   * @param uris the objects
   * @param options how
   * @return an outcome for each
   */
  public CompletableFuture<List<Outcome<ObjectMeta>>> headMany(
      List<ObjectUri> uris, ManyOptions options) {
    return submit(() -> store.headMany(uris, options));
  }

  /**
   * See {@link ObjectStore#putMany}.
   *
   * @param items what to write
   * @param options how
   * @return an outcome for each
   */
  public CompletableFuture<List<Outcome<PutResult>>> putMany(
      List<PutItem> items, ManyOptions options) {
    return submit(() -> store.putMany(items, options));
  }

  /**
   * See {@link ObjectStore#head(ObjectUri, String)}.
   *
   * @param uri the object
   * @param version which one
   * @return all that the store keeps about it
   */
  public CompletableFuture<ObjectMeta> head(ObjectUri uri, String version) {
    return submit(() -> store.head(uri, version));
  }

  /**
   * See {@link ObjectStore#tags}.
   *
   * @param uri the object
   * @return names and values
   */
  public CompletableFuture<Map<String, String>> tags(ObjectUri uri) {
    return submit(() -> store.tags(uri));
  }

  /**
   * See {@link ObjectStore#head(ObjectUri)}.
   *
   * @param uri the object
   * @return all that the store keeps about it
   */
  public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
    return submit(() -> store.head(uri));
  }

  /**
   * See {@link ObjectStore#put(ObjectUri, ByteSource, PutOptions)}.
   *
   * @param uri the object
   * @param source its content
   * @param options how
   * @return what the store answers
   */
  public CompletableFuture<PutResult> put(ObjectUri uri, ByteSource source, PutOptions options) {
    return submit(() -> store.put(uri, source, options));
  }

  /**
   * See {@link ObjectStore#copy}.
   *
   * @param from the object
   * @param to where to
   * @return what the store answers
   */
  public CompletableFuture<PutResult> copy(ObjectUri from, ObjectUri to) {
    return submit(() -> store.copy(from, to));
  }

  /**
   * See {@link ObjectStore#deleteAll}.
   *
   * @param uris the objects
   * @return done when all are gone
   */
  public CompletableFuture<Void> deleteAll(Collection<ObjectUri> uris) {
    return submit(
        () -> {
          store.deleteAll(uris);
          return null;
        });
  }

  private <T> CompletableFuture<T> submit(Callable<T> operation) {
    Consumer<T> nothing = late -> {};
    return engine.submit(operation, nothing);
  }
}
