package io.s3dlio.internal;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PreconditionFailedException;
import io.s3dlio.ReadResult;
import io.s3dlio.Verification;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads an object. The first request asks for everything; its answer tells how much that is. A
 * small object is then read from it to the end, of a large one only the first part (and of one in a
 * local store nothing yet): the others are read in parallel, all pinned to the ETag of the first.
 * Where that has turned out to be no faster ({@link Pace}), a large object is read one run of parts
 * after the other.
 */
public final class Download {

  private final Scope scope;
  private final Engine engine;
  private final String operation;
  private final ObjectUri uri;
  private final GetOptions options;
  private final Destination destination;
  private final Pace pace;

  private First first;

  // What the first answer told. Written by network threads before the request completes.
  private volatile ObjectMeta meta;
  private volatile long offset;
  private volatile long length;

  /** Whether it is read without parts. */
  private volatile boolean alone;

  Download(
      Scope scope,
      Engine engine,
      String operation,
      ObjectUri uri,
      GetOptions options,
      Destination destination,
      Pace pace) {
    this.scope = scope;
    this.engine = engine;
    this.operation = operation;
    this.uri = uri;
    this.options = options;
    this.destination = destination;
    this.pace = pace;
  }

  /**
   * Reads into a sink.
   *
   * @param engine of the store
   * @param operation for messages
   * @param uri the object
   * @param sink takes the bytes, at offsets from the start of the range
   * @param options what to read
   * @return what is known of it
   * @throws ObjectStoreException what went wrong
   */
  public static ReadResult toSink(
      Engine engine, String operation, ObjectUri uri, ByteSink sink, GetOptions options)
      throws ObjectStoreException {
    return toSink(Scope.NONE, engine, operation, uri, sink, options);
  }

  /** As the above, given up with the scope. */
  static ReadResult toSink(
      Scope scope,
      Engine engine,
      String operation,
      ObjectUri uri,
      ByteSink sink,
      GetOptions options)
      throws ObjectStoreException {
    // In parts: how fast a sink is would be mistaken for how fast the bytes come.
    Download download =
        new Download(scope, engine, operation, uri, options, new Given(sink), Pace.NONE);
    Verification verification = download.run();
    return new ReadResult(download.meta, download.offset, download.length, verification);
  }

  /**
   * Reads into pooled memory.
   *
   * @param engine of the store
   * @param uri the object
   * @param options what to read
   * @return the bytes, which the caller closes
   * @throws ObjectStoreException what went wrong
   */
  public static GetResult toMemory(Engine engine, ObjectUri uri, GetOptions options)
      throws ObjectStoreException {
    try (PooledRead read = new PooledRead(engine, uri, options, engine.pace)) {
      return read.run();
    }
  }

  /** Reads all of it, waiting for each step. */
  Verification run() throws ObjectStoreException {
    first = new First();
    first.read(scope);
    if (length > engine.threshold) {
      first.time();
    }
    return finish();
  }

  /** Makes the first request. Once it has ended, whatever the way, {@link #shut} follows. */
  CompletableFuture<Void> ask() {
    first = new First();
    return first.ask();
  }

  /** Lets no byte of the first answer in any more. */
  void shut() {
    if (first != null) {
      first.shut();
    }
  }

  /** What the first answer said of the object. */
  ObjectMeta meta() {
    return meta;
  }

  /** Where the bytes begin in the object. */
  long offset() {
    return offset;
  }

  /** How many bytes there are to read, by the first answer. */
  long length() {
    return length;
  }

  /** How many of them the first answer has brought. */
  long landed() throws ObjectStoreException {
    return first.landed();
  }

  /**
   * Checks the first answer and reads what it did not bring; if it brought all, without waiting.
   */
  Verification finish() throws ObjectStoreException {
    long at = landed();
    ByteSink sink = destination.open(length);
    boolean checkable = checkable();
    int crc = first.crc();
    while (alone && at < length) {
      Part run = new Part(sink, at, Math.min(Pace.RUN * engine.partSize, length - at), checkable);
      run.read(scope);
      run.time();
      crc = Crc32c.combine(crc, run.crc(), run.landed());
      at += run.landed();
    }
    if (at < length) {
      crc = readInParts(sink, at, crc, checkable);
    }
    if (!checkable) {
      return Verification.UNVERIFIED;
    }
    if (crc != meta.crc32c().orElseThrow()) {
      throw mismatch(operation, uri, crc, meta.crc32c().orElseThrow());
    }
    return Verification.VERIFIED;
  }

  static ObjectStoreException mismatch(String operation, ObjectUri uri, int read, int written) {
    return new ObjectStoreException(
        Kind.CHECKSUM_MISMATCH,
        operation,
        uri,
        String.format(
            "the CRC-32C of the bytes read is %08x, that of the bytes written %08x; read it again,"
                + " and write it again if the difference stays",
            read, written),
        null);
  }

  /** Whether the store's checksum is that of the bytes that are read. */
  private boolean checkable() {
    return meta.crc32c().isPresent() && offset == 0 && length == meta.size();
  }

  private int parts(long from) {
    return Math.toIntExact((length - from + engine.partSize - 1) / engine.partSize);
  }

  private long partLength(long from, int index) {
    return Math.min(engine.partSize, length - from - index * engine.partSize);
  }

  /** Reads the rest; returns the CRC of all if that before it is {@code crc}. */
  private int readInParts(ByteSink sink, long from, int crc, boolean withCrc)
      throws ObjectStoreException {
    int[] crcs = new int[parts(from)];
    long start = pace.now();
    engine.parallel(
        scope,
        engine.maxConcurrency,
        crcs.length,
        (index, scope) -> {
          long at = from + index * engine.partSize;
          Part part = new Part(sink, at, partLength(from, index), withCrc);
          part.read(scope);
          part.landed();
          crcs[index] = part.crc();
        });
    pace.cameTogether(crcs.length, length - from, start);
    int whole = crc;
    for (int i = 0; i < crcs.length; i++) {
      whole = Crc32c.combine(whole, crcs[i], partLength(from, i));
    }
    return whole;
  }

  /** Where the bytes of a read go, as soon as it is known how many there are. */
  interface Destination {
    /** The sink if it can be had at once, else null; never blocks. */
    ByteSink tryOpen(long length) throws ObjectStoreException;

    /** The sink, the same as before if there was one. */
    ByteSink open(long length) throws ObjectStoreException;
  }

  private record Given(ByteSink sink) implements Destination {
    @Override
    public ByteSink tryOpen(long length) {
      return sink;
    }

    @Override
    public ByteSink open(long length) {
      return sink;
    }
  }

  /** Takes an answer, and that of every repetition anew; once shut, not a byte any more. */
  private abstract class Answer implements Receiver {

    private final Thread caller = Thread.currentThread();
    private LandingSink landing;
    private Pace.Watch watch;
    private long wanted = -1;
    private boolean shut;

    @Override
    public final synchronized Landing begin(ObjectMeta answered, long from, long bytes)
        throws ObjectStoreException {
      if (shut) {
        throw new ObjectStoreException(
            Kind.CANCELLED, operation, uri, "this read was given up", null);
      }
      boolean repeated = landing != null && landing.count() > 0;
      if (repeated) {
        landing.restart();
      }
      return open(answered, from, bytes, repeated);
    }

    /** What to ask for. */
    abstract ReadRequest request();

    final CompletableFuture<Void> ask() {
      try {
        Refusals.version(engine.backend.capabilities(), operation, uri, options.version());
      } catch (ObjectStoreException e) {
        return CompletableFuture.failedFuture(e);
      }
      return engine.backend.read(uri, request(), this);
    }

    /** Asks, and waits for what comes until it ends or is broken off for being too slow. */
    final void read(Scope scope) throws ObjectStoreException {
      try {
        engine.call(scope, operation, uri, this::ask);
      } catch (Pace.TooSlow e) {
        alone = false;
        settle();
      } finally {
        shut();
      }
    }

    /** Says where the bytes go; {@code repeated} if some of an earlier answer are there already. */
    abstract Landing open(ObjectMeta answered, long from, long bytes, boolean repeated)
        throws ObjectStoreException;

    final Landing land(ByteSink sink, long at, long bytes, boolean withCrc) {
      boolean inPlace = Thread.currentThread() == caller;
      wanted = bytes;
      watch = pace.watch(operation, uri, bytes, alone);
      landing = new LandingSink(sink, at, bytes, inPlace, withCrc, options.progress(), watch);
      return new Landing(landing, bytes);
    }

    final Landing skip() {
      wanted = 0;
      landing = null;
      watch = null;
      return new Landing(Sinks.NOWHERE, 0);
    }

    final synchronized void shut() {
      shut = true;
      if (landing != null) {
        landing.shut();
      }
    }

    /** No more is wanted than has landed. */
    private synchronized void settle() {
      shut();
      wanted = landing.count();
    }

    /** Its speed counts. */
    final synchronized void time() {
      if (watch != null) {
        watch.end();
      }
    }

    /** How many bytes have landed: all that were wanted. */
    final synchronized long landed() throws ObjectStoreException {
      long got = landing == null ? 0 : landing.count();
      if (got != wanted) {
        throw new ObjectStoreException(
            Kind.UNAVAILABLE,
            operation,
            uri,
            "the answer ended after " + got + (wanted < 0 ? "" : " of " + wanted) + " bytes",
            null);
      }
      return got;
    }

    final synchronized int crc() {
      return landing == null ? 0 : landing.crc();
    }

    final PreconditionFailedException replaced() {
      return new PreconditionFailedException(
          operation, uri, "the object was replaced while it was read; read it again", null);
    }
  }

  /** The answer to the first request, which tells how much there is. */
  private final class First extends Answer {

    @Override
    ReadRequest request() {
      return new ReadRequest(options.range(), options.ifMatch(), options.version());
    }

    @Override
    Landing open(ObjectMeta answered, long from, long bytes, boolean repeated)
        throws ObjectStoreException {
      if (repeated && (bytes != length || !answered.etag().equals(meta.etag()))) {
        // A sink cannot take back what it has of the old object.
        throw replaced();
      }
      meta = answered;
      offset = from;
      length = bytes;
      if (bytes > engine.threshold && engine.backend.isLocal()) {
        // To ask again costs little, and all parts are read at the same time, the first one too.
        return skip();
      }
      ByteSink sink = destination.tryOpen(bytes);
      if (sink == null) {
        // No memory at once, and no waiting on a network thread: learn the size, ask again.
        return skip();
      }
      alone = bytes > engine.threshold && pace.oneIsEnough(parts(engine.partSize));
      long most = alone ? Pace.RUN * engine.partSize : engine.partSize;
      return land(sink, 0, bytes <= engine.threshold ? bytes : Math.min(bytes, most), checkable());
    }
  }

  /** The answer to a request for one part. */
  private final class Part extends Answer {

    private final ByteSink sink;
    private final long at;
    private final long bytes;
    private final boolean withCrc;

    Part(ByteSink sink, long at, long bytes, boolean withCrc) {
      this.sink = sink;
      this.at = at;
      this.bytes = bytes;
      this.withCrc = withCrc;
    }

    @Override
    ReadRequest request() {
      Optional<String> pin = meta.etag().or(options::ifMatch);
      return new ReadRequest(ByteRange.of(offset + at, bytes), pin, options.version());
    }

    @Override
    Landing open(ObjectMeta answered, long from, long answeredBytes, boolean repeated)
        throws ObjectStoreException {
      if (!answered.etag().equals(meta.etag()) || answered.size() != meta.size()) {
        throw replaced();
      }
      if (from != offset + at || answeredBytes != bytes) {
        throw new ObjectStoreException(
            Kind.UNAVAILABLE,
            operation,
            uri,
            "asked for %d bytes at %d, the answer holds %d at %d"
                .formatted(bytes, offset + at, answeredBytes, from),
            null);
      }
      return land(sink, at, bytes, withCrc);
    }
  }
}
