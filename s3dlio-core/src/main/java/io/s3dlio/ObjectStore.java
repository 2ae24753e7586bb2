package io.s3dlio;

import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.internal.Batch;
import io.s3dlio.internal.BulkDelete;
import io.s3dlio.internal.ChunkReader;
import io.s3dlio.internal.Collected;
import io.s3dlio.internal.Download;
import io.s3dlio.internal.Engine;
import io.s3dlio.internal.Listing;
import io.s3dlio.internal.ManyReads;
import io.s3dlio.internal.Multipart;
import io.s3dlio.internal.PartWriter;
import io.s3dlio.internal.Ranges;
import io.s3dlio.internal.Refusals;
import io.s3dlio.internal.Unfinished;
import io.s3dlio.internal.Upload;
import io.s3dlio.spi.StoreBackend;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Objects of one scheme: get, put, list and the like. Opened by {@link ObjectStores}; the caller
 * closes it.
 *
 * <p><b>Not a file system.</b> An object is written whole and appears at once: a reader sees the
 * old one, then the new one, never a mixture, and a write that failed leaves nothing. Keys are
 * literal text; there are no directories, only prefixes.
 *
 * <p>Large transfers are split into parts that run in parallel, within one limit of concurrency and
 * one budget of memory. All methods block; {@link #async()} is the view for those who must not.
 * Thread-safe. Interrupting the calling thread cancels what it waits for. Every failure is an
 * {@link ObjectStoreException} that says what, where, why and what to do.
 */
public final class ObjectStore implements AutoCloseable {

  private final Engine engine;
  private final Set<String> schemes;
  private final AsyncObjectStore async;

  ObjectStore(Engine engine, Set<String> schemes) {
    this.engine = engine;
    this.schemes = Set.copyOf(schemes);
    this.async = new AsyncObjectStore(this, engine);
  }

  /**
   * A store over a backend, decorated perhaps.
   *
   * @param backend makes the requests; closed with the store
   * @param schemes of the URIs that it takes
   * @param config settings
   * @param pool memory for what is read and written
   * @return the store, which the caller closes
   */
  public static ObjectStore over(
      StoreBackend backend, Set<String> schemes, StoreConfig config, BufferPool pool) {
    return new ObjectStore(new Engine(backend, config, pool, schemes.iterator().next()), schemes);
  }

  /**
   * Reads a whole object into pooled memory.
   *
   * @param uri the object
   * @return its bytes, which the caller closes
   * @throws ObjectStoreException what went wrong
   */
  public BytesView get(ObjectUri uri) throws ObjectStoreException {
    return get(uri, GetOptions.DEFAULT).bytes();
  }

  /**
   * Reads an object, or a range of it, into pooled memory.
   *
   * @param uri the object
   * @param options what to read
   * @return the bytes and what is known of the object; the caller closes it
   * @throws ObjectStoreException what went wrong; of kind OUT_OF_RESOURCES if the bytes do not fit
   *     into the memory budget
   */
  public GetResult get(ObjectUri uri, GetOptions options) throws ObjectStoreException {
    return Download.toMemory(engine, object("get", uri), options);
  }

  /**
   * Reads an object, or a range of it, into a sink.
   *
   * @param uri the object
   * @param sink takes the bytes, at offsets from the start of the range, from several threads
   * @param options what to read
   * @return what is known of the object
   * @throws ObjectStoreException what went wrong; the sink may then hold some of the bytes. What
   *     the sink throws ends the read, of kind UNKNOWN, and is in the chain of causes
   */
  public ReadResult get(ObjectUri uri, ByteSink sink, GetOptions options)
      throws ObjectStoreException {
    return Download.toSink(engine, "get", object("get", uri), sink, options);
  }

  /**
   * Reads bytes of an object into the caller's memory. Takes nothing from the pool.
   *
   * @param uri the object
   * @param offset where to begin, in bytes, 0 or more
   * @param dst filled from its position on; which then stands after the last byte read. If nothing
   *     fits, nothing is asked for
   * @return how many bytes: all that fit, or fewer at the end of the object; -1 if the offset is at
   *     the end or beyond, as {@link java.nio.channels.FileChannel#read(ByteBuffer, long)}
   * @throws ObjectStoreException what went wrong; {@code dst}'s position is then unchanged, its
   *     content undefined
   */
  public int readInto(ObjectUri uri, long offset, ByteBuffer dst) throws ObjectStoreException {
    object("readInto", uri);
    if (!dst.hasRemaining()) {
      return 0;
    }
    GetOptions options = GetOptions.DEFAULT.withRange(ByteRange.of(offset, dst.remaining()));
    try {
      ReadResult read = Download.toSink(engine, "readInto", uri, ByteSinks.of(dst), options);
      dst.position(dst.position() + (int) read.length());
      return (int) read.length();
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.RANGE_NOT_SATISFIABLE) {
        return -1;
      }
      throw e;
    }
  }

  /**
   * An object as a source, for a put into this or another store. Its reads are pinned to the
   * content that the object has now: if it is replaced, they fail.
   *
   * @param uri the object
   * @return the source, valid as long as this store
   * @throws ObjectStoreException what went wrong
   */
  public ObjectSource source(ObjectUri uri) throws ObjectStoreException {
    return new ObjectSource(engine, head(uri), Optional.empty());
  }

  /**
   * A version of an object as a source.
   *
   * @param uri the object
   * @param version which one, see {@link ObjectMeta#version}
   * @return the source, valid as long as this store
   * @throws ObjectStoreException what went wrong; of kind UNSUPPORTED if the store keeps none
   */
  public ObjectSource source(ObjectUri uri, String version) throws ObjectStoreException {
    return new ObjectSource(engine, head(uri, version), Optional.of(version));
  }

  /**
   * Opens an object for reading in order or at any position.
   *
   * @param uri the object
   * @return the reader, which the caller closes
   * @throws ObjectStoreException what went wrong; {@link ObjectNotFoundException} if there is none
   */
  public ObjectReader reader(ObjectUri uri) throws ObjectStoreException {
    return reader(uri, ReaderOptions.DEFAULT);
  }

  /**
   * Opens an object for reading in order or at any position.
   *
   * @param uri the object
   * @param options how far ahead
   * @return the reader, which the caller closes
   * @throws ObjectStoreException what went wrong; {@link ObjectNotFoundException} if there is none
   */
  public ObjectReader reader(ObjectUri uri, ReaderOptions options) throws ObjectStoreException {
    return new ChunkReader(engine, head(uri), options);
  }

  /**
   * Reads many objects into pooled memory and keeps all of them. If that is more than there can be
   * memory for, it says so as soon as the sizes that are known tell, and how much is needed; where
   * sizes are known beforehand, before anything is read. Use {@link #streamMany} for what need not
   * be held at the same time.
   *
   * @param items what to read; an object may come several times
   * @param options how
   * @return an outcome for each, in the order of the input; the caller closes it
   * @throws ObjectStoreException of kind INVALID, before anything is read, if a URI is wrong; of
   *     kind OUT_OF_RESOURCES if there is no memory for all results; of kind CANCELLED if the
   *     thread was interrupted. Nothing is held then
   */
  public GetManyResult getMany(List<GetItem> items, ManyOptions options)
      throws ObjectStoreException {
    return Collected.read(engine, objects("getMany", items), options);
  }

  /**
   * Reads many objects into pooled memory, one after the other for the caller, several at a time
   * and ahead of it for the store. Reading begins with the first {@link ManyStream#next}.
   *
   * @param items what to read; an object may come several times
   * @param options how
   * @return the objects in the order of the input; the caller closes it
   * @throws ObjectStoreException of kind INVALID if a URI is wrong
   */
  public ManyStream streamMany(List<GetItem> items, ManyOptions options)
      throws ObjectStoreException {
    return new ManyStream(new ManyReads(engine, objects("streamMany", items), options));
  }

  private List<GetItem> objects(String operation, List<GetItem> items) throws ObjectStoreException {
    List<GetItem> objects = List.copyOf(items);
    for (GetItem item : objects) {
      object(operation, item.uri());
    }
    return objects;
  }

  /**
   * Reads ranges of one object, all of them of the same content. Ranges near each other are read in
   * one request, requests in parallel. To know where a range lies that names no end, or more bytes
   * than there can be memory for, the object's size is asked for first; so it is for no range at
   * all.
   *
   * @param uri the object
   * @param ranges which bytes, in any order; they may overlap and come twice
   * @param options how
   * @return the bytes of each range, in the order of the input; the caller closes it
   * @throws ObjectStoreException what went wrong; of kind RANGE_NOT_SATISFIABLE if any range
   *     selects no byte, OUT_OF_RESOURCES if what is asked for does not fit into the memory budget,
   *     PRECONDITION_FAILED if the object was replaced meanwhile
   */
  public RangesResult getRanges(
      ObjectUri uri, List<? extends ByteRange> ranges, RangesOptions options)
      throws ObjectStoreException {
    return Ranges.read(engine, object("getRanges", uri), ranges, options);
  }

  /**
   * Asks about many objects.
   *
   * @param uris the objects; one may come several times
   * @param options how
   * @return an outcome for each, in the order of the input
   * @throws ObjectStoreException if none was tried, since a URI is wrong; or of kind CANCELLED if
   *     the thread was interrupted
   */
  public List<Outcome<ObjectMeta>> headMany(List<ObjectUri> uris, ManyOptions options)
      throws ObjectStoreException {
    List<ObjectUri> objects = List.copyOf(uris);
    for (ObjectUri uri : objects) {
      object("headMany", uri);
    }
    return Batch.head(engine, objects, options);
  }

  /**
   * Writes many objects. Items of the same name are written one after the other, in the order of
   * the input: the last one is there in the end.
   *
   * @param items what to write
   * @param options how
   * @return an outcome for each, in the order of the input
   * @throws ObjectStoreException if none was tried, since a URI is wrong; or of kind CANCELLED if
   *     the thread was interrupted: each object is then as it was before or complete
   */
  public List<Outcome<PutResult>> putMany(List<PutItem> items, ManyOptions options)
      throws ObjectStoreException {
    List<PutItem> objects = List.copyOf(items);
    for (PutItem item : objects) {
      object("putMany", item.uri());
    }
    return Batch.put(engine, objects, options);
  }

  /**
   * Asks about an object.
   *
   * @param uri the object
   * @return all that the store keeps about it
   * @throws ObjectStoreException what went wrong; {@link ObjectNotFoundException} if there is none
   */
  public ObjectMeta head(ObjectUri uri) throws ObjectStoreException {
    object("head", uri);
    return engine.call("head", uri, () -> engine.backend().head(uri));
  }

  /**
   * Asks about a version of an object.
   *
   * @param uri the object
   * @param version which one, see {@link ObjectMeta#version}
   * @return all that the store keeps about it
   * @throws ObjectStoreException what went wrong; {@link ObjectNotFoundException} if there is none;
   *     of kind UNSUPPORTED if the store keeps no versions
   */
  public ObjectMeta head(ObjectUri uri, String version) throws ObjectStoreException {
    object("head", uri);
    Refusals.version(capabilities(), "head", uri, Optional.of(version));
    return engine.call("head", uri, () -> engine.backend().head(uri, version));
  }

  /**
   * Asks for the tags of an object.
   *
   * @param uri the object
   * @return names and values, in no order
   * @throws ObjectStoreException what went wrong; {@link ObjectNotFoundException} if there is no
   *     object; of kind UNSUPPORTED if the store keeps no tags
   */
  public Map<String, String> tags(ObjectUri uri) throws ObjectStoreException {
    object("tags", uri);
    Refusals.tags(capabilities(), "tags", uri);
    return engine.call("tags", uri, () -> engine.backend().tags(uri));
  }

  /**
   * Whether there is such an object.
   *
   * @param uri the object
   * @return false only if the store says that there is none
   * @throws ObjectStoreException if the store cannot be asked, or does not allow it
   */
  public boolean exists(ObjectUri uri) throws ObjectStoreException {
    try {
      head(uri);
      return true;
    } catch (ObjectNotFoundException e) {
      return false;
    }
  }

  /**
   * Writes an object.
   *
   * @param uri the object
   * @param bytes its content, from position to limit, which stay as they are; not to be changed
   *     until the method returns. Direct buffers are sent without a copy
   * @return what the store answers
   * @throws ObjectStoreException what went wrong; the object is then as it was before
   */
  public PutResult put(ObjectUri uri, ByteBuffer bytes) throws ObjectStoreException {
    return put(uri, ByteSources.of(bytes), PutOptions.DEFAULT);
  }

  /**
   * Writes an object.
   *
   * @param uri the object
   * @param source its content, read from several threads; in place where the source has it in
   *     memory
   * @param options how
   * @return what the store answers
   * @throws ObjectStoreException what went wrong; the object is then as it was before. After a
   *     TIMEOUT it is as before or complete. What the source throws is in the chain of causes
   */
  public PutResult put(ObjectUri uri, ByteSource source, PutOptions options)
      throws ObjectStoreException {
    return Upload.put(engine, object("put", uri), source, options);
  }

  /**
   * Begins an object that is written in order, of a size that need not be known.
   *
   * @param uri the object
   * @return the writer, which the caller finishes and closes
   * @throws ObjectStoreException what went wrong
   */
  public ObjectWriter writer(ObjectUri uri) throws ObjectStoreException {
    return writer(uri, WriterOptions.DEFAULT);
  }

  /**
   * Begins an object that is written in order, of a size that need not be known.
   *
   * @param uri the object
   * @param options how; conditions are met when the writer finishes
   * @return the writer, which the caller finishes and closes
   * @throws ObjectStoreException what went wrong; of kind INVALID if the part size is too small for
   *     the size
   */
  public ObjectWriter writer(ObjectUri uri, WriterOptions options) throws ObjectStoreException {
    return PartWriter.open(engine, object("writer", uri), options);
  }

  /**
   * Begins an object that is written part by part.
   *
   * @param uri the object
   * @param partSize bytes of every part but the last, at most 1 GiB; raised to the store's least
   * @param options how; conditions are met when the upload completes
   * @return the upload, which the caller completes and closes
   * @throws ObjectStoreException what went wrong
   */
  public MultipartUpload multipart(ObjectUri uri, long partSize, PutOptions options)
      throws ObjectStoreException {
    object("multipart", uri);
    if (partSize < 1 || partSize > 1L << 30) {
      throw new ObjectStoreException(
          Kind.INVALID, "multipart", uri, "a part size is 1 byte to 1 GiB: " + partSize, null);
    }
    long atLeast = engine.backend().capabilities().minPartSize();
    return Multipart.start(engine, uri, Math.max(partSize, atLeast), options);
  }

  /**
   * Lists all objects below a prefix.
   *
   * @param prefix a prefix of keys, taken as text
   * @return see {@link #list(ObjectUri, ListOptions)}
   */
  public Stream<ObjectMeta> list(ObjectUri prefix) {
    return list(prefix, ListOptions.ALL).map(ObjectMeta.class::cast);
  }

  /**
   * Lists, lazily, in the order of the UTF-8 bytes of the keys.
   *
   * @param prefix a prefix of keys, taken as text: {@code s3://b/a} also lists {@code s3://b/ab}
   * @param options which entries
   * @return the entries, for one thread; the caller closes the stream. What goes wrong is thrown
   *     from the stream as {@link java.io.UncheckedIOException} around an {@link
   *     ObjectStoreException}
   */
  public Stream<ListEntry> list(ObjectUri prefix, ListOptions options) {
    return Listing.stream(engine, prefix, options, () -> bucket("list", prefix));
  }

  /**
   * Deletes an object; that there is none is no error.
   *
   * @param uri the object
   * @throws ObjectStoreException what went wrong
   */
  public void delete(ObjectUri uri) throws ObjectStoreException {
    object("delete", uri);
    BulkDelete.one(engine, uri);
  }

  /**
   * Deletes objects; those that are not there are no error. All arguments are looked at before the
   * first is deleted.
   *
   * @param uris the objects, of one bucket or of several, any number; one that is named twice
   *     counts once
   * @throws BulkDeleteException if some could not be deleted; it names every one of them
   * @throws ObjectStoreException if none could be tried
   */
  public void deleteAll(Collection<ObjectUri> uris) throws ObjectStoreException {
    for (ObjectUri uri : uris) {
      object("deleteAll", uri);
    }
    BulkDelete.all(engine, List.copyOf(new LinkedHashSet<>(uris)));
  }

  /**
   * Deletes all objects below a prefix. What is put there meanwhile may or may not be deleted.
   *
   * @param prefix a prefix of keys, taken as text: {@code s3://b/a} also deletes {@code s3://b/ab}
   * @return how many were deleted
   * @throws ObjectStoreException as {@link #deleteAll}
   */
  public long deletePrefix(ObjectUri prefix) throws ObjectStoreException {
    bucket("deletePrefix", prefix);
    return BulkDelete.prefix(engine, () -> list(prefix));
  }

  /**
   * Lists what writes that have not ended have left below a prefix, and no other listing shows:
   * parts of large objects on {@code s3://}, {@code az://} and {@code gs://}, temporary files on
   * {@code file://} and {@code direct://}; nothing on {@code memory://}. Whether somebody still
   * goes on with one no store can tell.
   *
   * <p>A temporary file does not say which object it was to be: it is found by prefixes of the key
   * of its directory. MinIO finds uploads that it was told of since it was started, or else those
   * of the object whose key the prefix is.
   *
   * @param prefix a prefix of keys, taken as text; ends with {@code /} to mean a directory
   * @return the objects that were to be, in their order, one several times if it was begun several
   *     times; the temporary files themselves
   * @throws ObjectStoreException what went wrong
   */
  public List<ObjectUri> unfinished(ObjectUri prefix) throws ObjectStoreException {
    bucket("unfinished", prefix);
    return Unfinished.list(engine, prefix);
  }

  /**
   * Removes what writes that have not ended have left below a prefix: all that {@link #unfinished}
   * lists. Objects stay as they are. A write that somebody is still at fails then, so this is for
   * places where nobody writes. On {@code az://} an object that was to be is there for a moment,
   * empty: Azure has no other way.
   *
   * @param prefix a prefix of keys, taken as text; ends with {@code /} to mean a directory
   * @return how many were removed
   * @throws ObjectStoreException about one that could not be removed, about others as suppressed;
   *     all have been tried
   */
  public long abortUnfinished(ObjectUri prefix) throws ObjectStoreException {
    bucket("abortUnfinished", prefix);
    return Unfinished.abort(engine, prefix);
  }

  /**
   * Copies an object within this store, with content type, user metadata and tags; overwrites.
   *
   * @param from the object
   * @param to where to, in the same bucket or another
   * @return what the store answers
   * @throws ObjectStoreException what went wrong; of kind INVALID if both are the same
   */
  public PutResult copy(ObjectUri from, ObjectUri to) throws ObjectStoreException {
    object("copy", from);
    object("copy", to);
    if (from.equals(to)) {
      throw new ObjectStoreException(
          Kind.INVALID, "copy", from, "the object is to be copied onto itself", null);
    }
    return engine.call("copy", from, () -> engine.backend().copy(from, to));
  }

  /**
   * Makes a bucket; on {@code file://} a directory.
   *
   * @param uri the bucket; it has no key, but on {@code file://}
   * @throws ObjectStoreException {@link ObjectAlreadyExistsException} if there is one
   */
  public void createBucket(ObjectUri uri) throws ObjectStoreException {
    onlyBucket("createBucket", uri);
    engine.call("createBucket", uri, () -> engine.backend().createBucket(uri));
  }

  /**
   * Deletes a bucket that holds no object; on {@code file://} a directory.
   *
   * @param uri the bucket; it has no key, but on {@code file://}
   * @throws ObjectStoreException of kind INVALID if it holds objects; NOT_FOUND if there is none
   */
  public void deleteBucket(ObjectUri uri) throws ObjectStoreException {
    onlyBucket("deleteBucket", uri);
    engine.call("deleteBucket", uri, () -> engine.backend().deleteBucket(uri));
  }

  /**
   * Lists the buckets.
   *
   * @param uri the store, such as {@code s3://}; on {@code file://} the directory to look in
   * @return the buckets by name
   * @throws ObjectStoreException what went wrong
   */
  public List<BucketInfo> listBuckets(ObjectUri uri) throws ObjectStoreException {
    scheme("listBuckets", uri);
    return engine.call("listBuckets", uri, () -> engine.backend().listBuckets(uri));
  }

  /**
   * What this store can do.
   *
   * @return the same at every call
   */
  public Capabilities capabilities() {
    return engine.backend().capabilities();
  }

  /**
   * The view for those who must not block.
   *
   * @return the same at every call; closed with this store
   */
  public AsyncObjectStore async() {
    return async;
  }

  /**
   * The memory that this store reads into.
   *
   * @return the pool
   */
  public BufferPool pool() {
    return engine.pool();
  }

  /**
   * How many bytes of an object each request of {@link #put} carries, but for the last of several:
   * for sources that make them ahead.
   *
   * @param uri the object
   * @param size its size in bytes, 0 or more
   * @return bytes, at most the size
   * @throws ObjectStoreException of kind INVALID if the store does not take so large an object
   */
  public long requestSize(ObjectUri uri, long size) throws ObjectStoreException {
    return Upload.requestSize(engine, object("put", uri), size);
  }

  /**
   * Cancels what is under way, aborts uploads that are not complete, gives up connections and
   * threads. Views stay valid. All that comes after fails with kind INVALID; closing again is
   * harmless.
   *
   * @throws ObjectStoreException if something could not be given up
   */
  @Override
  public void close() throws ObjectStoreException {
    engine.close();
  }

  private ObjectUri scheme(String operation, ObjectUri uri) throws ObjectStoreException {
    engine.checkOpen(operation, uri);
    if (!schemes.contains(uri.scheme())) {
      throw new ObjectStoreException(
          Kind.INVALID, operation, uri, "this store is for " + schemes + " URIs", null);
    }
    return uri;
  }

  private ObjectUri bucket(String operation, ObjectUri uri) throws ObjectStoreException {
    if (uri.bucket().isEmpty() && ObjectUri.hasBuckets(uri.scheme())) {
      throw new ObjectStoreException(
          Kind.INVALID,
          operation,
          uri,
          "names no bucket; write " + uri.scheme() + "://bucket/key",
          null);
    }
    return scheme(operation, uri);
  }

  private void onlyBucket(String operation, ObjectUri uri) throws ObjectStoreException {
    bucket(operation, uri);
    if (!uri.key().isEmpty() && ObjectUri.hasBuckets(uri.scheme())) {
      throw new ObjectStoreException(
          Kind.INVALID, operation, uri, "names an object; the bucket is " + uri.withKey(""), null);
    }
  }

  private ObjectUri object(String operation, ObjectUri uri) throws ObjectStoreException {
    bucket(operation, uri);
    if (uri.key().isEmpty()) {
      throw new ObjectStoreException(
          Kind.INVALID, operation, uri, "names no object; a key is needed", null);
    }
    return uri;
  }
}
