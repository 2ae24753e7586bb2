package io.s3dlio.internal;

import io.s3dlio.ByteRange;
import io.s3dlio.GetOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectReader;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ProgressListener;
import io.s3dlio.ReadResult;
import io.s3dlio.ReaderOptions;
import io.s3dlio.buffer.Lease;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.NonWritableChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Reads chunk after chunk, the next ones before they are wanted. */
public final class ChunkReader implements ObjectReader {

  /** What the first read after a jump asks for, if no more is wanted. */
  private static final int FIRST_CHUNK = 256 << 10;

  private static final String OPERATION = "read";

  private final Engine engine;
  private final ObjectMeta meta;
  private final ReaderOptions options;

  /** One behind the other, without gaps; the position is in the first, or at its end. */
  private final Deque<Chunk> chunks = new ArrayDeque<>();

  private long position;
  private long checked; // so many bytes from the first on are in the CRC
  private int crc;
  private boolean closed;

  /**
   * Asks the store for nothing yet.
   *
   * @param engine of the store
   * @param meta the object, as it is to be read
   * @param options how
   */
  public ChunkReader(Engine engine, ObjectMeta meta, ReaderOptions options) {
    this.engine = engine;
    this.meta = meta;
    this.options = options;
  }

  /** Some bytes of the object, on their way into memory or there. */
  private final class Chunk {
    private final long offset;
    private final int length;
    private final Lease memory;
    private final ByteBuffer bytes;
    private final Job job;
    private int chunkCrc;
    private boolean summed;

    Chunk(long offset, Lease memory) {
      this.offset = offset;
      this.length = Math.toIntExact(memory.size());
      this.memory = memory;
      this.bytes = memory.buffers().get(0);
      this.job = Job.begin(engine, this::read);
    }

    private void read(Scope scope) throws ObjectStoreException {
      GetOptions pinned =
          new GetOptions(
              ByteRange.of(offset, length), meta.etag(), Optional.empty(), ProgressListener.NONE);
      ReadResult read =
          Download.toSink(scope, engine, OPERATION, meta.uri(), memory.sink(), pinned);
      if (read.length() != length || read.meta().size() != meta.size()) {
        throw new ObjectStoreException(
            Kind.PRECONDITION_FAILED,
            OPERATION,
            meta.uri(),
            "the object was replaced while it was read; open it again",
            null);
      }
      if (meta.crc32c().isPresent()) {
        chunkCrc = Crc32c.of(memory.buffers());
      }
    }

    long end() {
      return offset + length;
    }

    void close() {
      job.cancel();
      memory.close();
    }
  }

  @Override
  public ObjectMeta meta() {
    return meta;
  }

  @Override
  public int read(ByteBuffer dst) throws ObjectStoreException {
    checkOpen();
    if (!dst.hasRemaining()) {
      return 0;
    }
    if (position >= meta.size()) {
      return -1;
    }
    try {
      Chunk chunk = chunk(dst.remaining());
      chunk.job.await();
      check(chunk);
      int from = (int) (position - chunk.offset);
      int n = Math.min(dst.remaining(), chunk.length - from);
      dst.put(dst.position(), chunk.bytes, from, n);
      dst.position(dst.position() + n);
      position += n;
      return n;
    } catch (ObjectStoreException | RuntimeException | Error e) {
      drop();
      throw e;
    }
  }

  /** The chunk that holds the byte at the position, and what is read ahead of it. */
  private Chunk chunk(int wanted) throws ObjectStoreException {
    Chunk first = chunks.peek();
    if (first != null && (position < first.offset || position > chunks.getLast().end())) {
      drop();
      first = null;
    }
    if (first == null) {
      begin(Math.max(wanted, FIRST_CHUNK));
      return chunks.getFirst();
    }
    if (position < first.end()) {
      return first;
    }
    // It goes on in order: larger chunks, and some ahead.
    long next = 2L * first.length;
    while (!chunks.isEmpty() && chunks.getFirst().end() <= position) {
      chunks.remove().close();
    }
    if (chunks.isEmpty()) {
      begin(next);
    }
    readAhead(next);
    return chunks.getFirst();
  }

  /** The first chunk, whose memory it waits for. */
  private void begin(long length) throws ObjectStoreException {
    chunks.add(new Chunk(position, engine.memory(OPERATION, meta.uri(), cut(position, length))));
  }

  private void readAhead(long length) throws ObjectStoreException {
    long from = chunks.getLast().end();
    while (from < meta.size() && from - position < options.readAhead()) {
      Optional<Lease> free =
          engine.pool().tryAcquire(cut(from, length), new Purpose(OPERATION, meta.uri()));
      if (free.isEmpty()) {
        return;
      }
      chunks.add(new Chunk(from, free.get()));
      from = chunks.getLast().end();
    }
  }

  private long cut(long from, long length) {
    return Math.min(Math.min(length, engine.partSize), meta.size() - from);
  }

  /** Adds a chunk to the sum, if all before it are in, and compares the sum at the end. */
  private void check(Chunk chunk) throws ObjectStoreException {
    if (chunk.summed) {
      return;
    }
    chunk.summed = true;
    if (chunk.offset == 0) {
      crc = 0;
      checked = 0;
    }
    if (meta.crc32c().isEmpty() || chunk.offset != checked) {
      return;
    }
    int sum = Crc32c.combine(crc, chunk.chunkCrc, chunk.length);
    if (chunk.end() == meta.size() && sum != meta.crc32c().get()) {
      throw Download.mismatch(OPERATION, meta.uri(), sum, meta.crc32c().get());
    }
    crc = sum;
    checked = chunk.end();
  }

  private void drop() {
    chunks.forEach(Chunk::close);
    chunks.clear();
  }

  @Override
  public long position() throws ObjectStoreException {
    checkOpen();
    return position;
  }

  @Override
  public ObjectReader position(long newPosition) throws ObjectStoreException {
    checkOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("a position is 0 or more: " + newPosition);
    }
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws ObjectStoreException {
    checkOpen();
    return meta.size();
  }

  @Override
  public InputStream inputStream() {
    return Channels.newInputStream(this);
  }

  @Override
  public int write(ByteBuffer src) {
    throw new NonWritableChannelException();
  }

  @Override
  public ObjectReader truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    drop();
  }

  private void checkOpen() throws ObjectStoreException {
    if (closed) {
      throw new ObjectStoreException(
          Kind.INVALID, OPERATION, meta.uri(), "this reader was closed before", null);
    }
  }
}
