package io.s3dlio.internal;

import io.s3dlio.ByteSources;
import io.s3dlio.Capabilities;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.ObjectWriter;
import io.s3dlio.PutResult;
import io.s3dlio.WriterOptions;
import io.s3dlio.buffer.Lease;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Fills one part while others are sent. */
public final class PartWriter implements ObjectWriter {

  private static final String OPERATION = "write";

  private final Engine engine;
  private final ObjectUri uri;
  private final WriterOptions options;
  private final long partSize;
  private final Deque<Part> underWay = new ArrayDeque<>();

  private Multipart upload; // once there is more than fits into one part
  private int parts;
  private Lease lease; // of the part at hand
  private ByteBuffer buffer;
  private int reserved;
  private long written;
  private boolean ended;
  private ObjectStoreException failure;

  private PartWriter(Engine engine, ObjectUri uri, WriterOptions options, long partSize) {
    this.engine = engine;
    this.uri = uri;
    this.options = options;
    this.partSize = partSize;
  }

  /**
   * Begins an object; asks the store for nothing yet.
   *
   * @param engine of the store
   * @param uri the object
   * @param options how
   * @return the writer, which the caller finishes and closes
   * @throws ObjectStoreException of kind INVALID if the size is too large for the part size
   */
  public static ObjectWriter open(Engine engine, ObjectUri uri, WriterOptions options)
      throws ObjectStoreException {
    Capabilities can = engine.backend.capabilities();
    long size = options.size().orElse(0);
    if (options.partSize().isEmpty()) {
      return new PartWriter(engine, uri, options, Upload.partSize(engine, uri, size));
    }
    long partSize = Math.max(options.partSize().getAsLong(), can.minPartSize());
    if (size / partSize >= can.maxParts() && size > partSize * can.maxParts()) {
      throw tooManyParts(engine, uri, partSize);
    }
    return new PartWriter(engine, uri, options, partSize);
  }

  /** A part on its way; its memory is given back by whatever ends it. */
  private final class Part {
    private final Lease memory;
    private final Job job;

    Part(int number, Lease memory, int length) {
      this.memory = memory;
      this.job =
          Job.begin(
              engine, scope -> upload.putPart(scope, number, PartBytes.of(engine, memory, length)));
    }

    void giveUp() {
      if (!job.cancel()) {
        memory.close();
      }
    }
  }

  @Override
  public int write(ByteBuffer src) throws ObjectStoreException {
    checkUsable();
    int length = src.remaining();
    while (src.hasRemaining()) {
      ByteBuffer room = room();
      int n = Math.min(room.remaining(), src.remaining());
      room.put(room.position(), src, src.position(), n);
      src.position(src.position() + n);
      advance(n);
    }
    return length;
  }

  @Override
  public ByteBuffer reserve() throws ObjectStoreException {
    checkUsable();
    ByteBuffer room = room().slice();
    reserved = room.remaining();
    return room;
  }

  @Override
  public void commit(int length) throws ObjectStoreException {
    checkUsable();
    if (length < 0 || length > reserved) {
      throw new IllegalArgumentException(length + " bytes of " + reserved + " that are reserved");
    }
    advance(length);
  }

  @Override
  public long transferFrom(ReadableByteChannel source) throws IOException {
    checkUsable();
    long before = written;
    // Where all bytes that may come are there, one more shows that there are too many.
    ByteBuffer oneMore = ByteBuffer.allocate(1);
    while (true) {
      boolean full = options.size().isPresent() && written == options.size().getAsLong();
      int n = source.read(full ? oneMore : reserve());
      if (n < 0) {
        return written - before;
      }
      if (full && n > 0) {
        throw tooMuch();
      }
      commit(n);
    }
  }

  @Override
  public OutputStream outputStream() {
    return new Stream();
  }

  @Override
  public long written() {
    return written;
  }

  @Override
  public boolean isOpen() {
    return !ended;
  }

  @Override
  public PutResult finish() throws ObjectStoreException {
    checkUsable();
    if (options.size().isPresent() && options.size().getAsLong() != written) {
      throw invalid(
          "%d bytes were announced and %d written".formatted(options.size().getAsLong(), written));
    }
    try {
      PutResult result = upload == null ? putWhole() : complete();
      close(); // of no effect on the store: the upload is complete
      return result;
    } catch (ObjectStoreException e) {
      failure = e;
      throw e;
    }
  }

  private PutResult putWhole() throws ObjectStoreException {
    if (buffer == null) {
      ByteBuffer nothing = ByteBuffer.allocateDirect(0);
      return Upload.putWhole(Scope.NONE, engine, uri, ByteSources.of(nothing), options.put());
    }
    PartBytes bytes = PartBytes.of(engine, lease, buffer.position());
    forget();
    return Upload.putWhole(Scope.NONE, engine, uri, bytes, options.put());
  }

  private PutResult complete() throws ObjectStoreException {
    if (buffer != null && buffer.position() > 0) {
      send();
    }
    while (!underWay.isEmpty()) {
      awaitOldest();
    }
    return upload.complete();
  }

  @Override
  public void close() throws ObjectStoreException {
    if (ended) {
      return;
    }
    ended = true;
    underWay.forEach(Part::giveUp);
    underWay.clear();
    if (lease != null) {
      lease.close();
      forget();
    }
    if (upload != null) {
      upload.close();
    }
  }

  /** Memory for at least one byte. */
  private ByteBuffer room() throws ObjectStoreException {
    reserved = 0;
    if (buffer != null && buffer.hasRemaining()) {
      return buffer;
    }
    long left = options.size().orElse(Long.MAX_VALUE) - written;
    if (left == 0) {
      throw tooMuch();
    }
    if (buffer != null) {
      if (parts + 1 == engine.backend.capabilities().maxParts()) {
        throw tooManyParts(engine, uri, partSize);
      }
      send();
    }
    lease = memory(Math.min(partSize, left));
    buffer = lease.buffers().get(0);
    return buffer;
  }

  /** Never waits for memory that parts of this writer hold, which nobody might be sending. */
  private Lease memory(long size) throws ObjectStoreException {
    while (!underWay.isEmpty()) {
      Optional<Lease> free = engine.pool().tryAcquire(size, new Purpose(OPERATION, uri));
      if (free.isPresent()) {
        return free.get();
      }
      awaitOldest();
    }
    return engine.memory(OPERATION, uri, size);
  }

  private void advance(int length) {
    buffer.position(buffer.position() + length);
    written += length;
    reserved = 0;
  }

  /** Sends the part at hand. */
  private void send() throws ObjectStoreException {
    if (upload == null) {
      upload = Multipart.start(engine, uri, partSize, options.put());
    }
    while (underWay.size() >= options.inFlight()) {
      awaitOldest();
    }
    underWay.add(new Part(++parts, lease, buffer.position()));
    forget();
  }

  private void forget() {
    lease = null;
    buffer = null;
    reserved = 0;
  }

  private void awaitOldest() throws ObjectStoreException {
    try {
      underWay.remove().job.await();
    } catch (ObjectStoreException e) {
      failure = e;
      throw e;
    }
  }

  private void checkUsable() throws ObjectStoreException {
    if (ended) {
      throw invalid("this writer was finished or closed before");
    }
    if (failure != null) {
      throw new ObjectStoreException(
          failure.kind(),
          OPERATION,
          uri,
          "this writer has failed: " + failure.getMessage(),
          failure);
    }
  }

  private ObjectStoreException tooMuch() {
    return invalid("more than the " + options.size().getAsLong() + " bytes announced");
  }

  private static ObjectStoreException tooManyParts(Engine engine, ObjectUri uri, long partSize) {
    return new ObjectStoreException(
        Kind.INVALID,
        OPERATION,
        uri,
        "the object has more than "
            + engine.backend.capabilities().maxParts()
            + " parts of "
            + partSize
            + " bytes; tell the writer its size, or a larger part size",
        null);
  }

  private ObjectStoreException invalid(String detail) {
    return new ObjectStoreException(Kind.INVALID, OPERATION, uri, detail, null);
  }

  /** Its end is not that of the writer. */
  private final class Stream extends OutputStream {

    @Override
    public void write(int b) throws IOException {
      checkUsable();
      ByteBuffer room = room();
      room.put(room.position(), (byte) b);
      advance(1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      PartWriter.this.write(ByteBuffer.wrap(bytes, offset, length));
    }
  }
}
