package io.s3dlio.datagen;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/**
 * The bytes of an object, one buffer after the other.
 *
 * <p>It is a position in a {@link GeneratedObject} and nothing else: the bytes depend on the object
 * and the offset, and not on how large the buffers are. Who wants a given range asks the object.
 *
 * <p>Thread-safe. Each call takes the range at the position, moves the position behind it, and then
 * makes its bytes: threads that fill at the same time get ranges that follow each other, and
 * together every byte once; which of them gets which is not said. What a call that fails had taken
 * is not given to another; {@link #seek} goes back to it. {@link #seek}, {@link #reset} and {@link
 * #setSeed} count for calls that begin after them. Holds no resource and can be used again and
 * again.
 *
 * <p>A thread that goes on where it stopped makes nothing twice, however small its pieces are.
 * Threads that share a generator should take 256 KiB or more at a time: each piece costs, besides
 * its bytes, those before it in its unit of 32 KiB.
 */
public final class DataGenerator {

  /** How many bytes {@link #chunk()} makes: 32 MiB. */
  public static final int CHUNK_SIZE = 32 << 20;

  /** As long as stores wait unless told otherwise. */
  static final Duration MEMORY_TIMEOUT = Duration.ofMinutes(1);

  /** No thread is ever started for it. */
  private static final GeneratorPool CALLERS_THREAD =
      new GeneratorPool(GeneratorOptions.DEFAULTS.withThreads(1).withNumaMode(NumaMode.UMA));

  private final GeneratorPool threads;
  private final BufferPool memory;
  private final long size;
  private final Object lock = new Object();

  // All below is guarded by the lock.
  private GeneratedObject object;
  private long position;

  /** Where the object's first byte lies, seen from here; may be negative. */
  private long start;

  /**
   * At the first byte of an object. The calling thread makes all bytes.
   *
   * @param object whose bytes
   */
  public DataGenerator(GeneratedObject object) {
    this(object, CALLERS_THREAD, BufferPool.shared());
  }

  /**
   * At the first byte of an object, with threads that make large pieces together.
   *
   * @param object whose bytes
   * @param threads for more than 1 MiB at a time; stays the caller's, who closes it
   */
  public DataGenerator(GeneratedObject object, GeneratorPool threads) {
    this(object, threads, BufferPool.shared());
  }

  /**
   * At the first byte of an object, with threads and memory.
   *
   * @param object whose bytes
   * @param threads for more than 1 MiB at a time; stays the caller's, who closes it
   * @param memory where {@link #chunk} takes it from
   */
  public DataGenerator(GeneratedObject object, GeneratorPool threads, BufferPool memory) {
    this.object = object;
    this.threads = threads;
    this.memory = memory;
    this.size = object.size();
  }

  /**
   * Bytes that nobody has seen before: random ones, of a new seed. {@link #generate(GeneratorSpec,
   * long)} with {@link GeneratorSpec#random} does the same, and the seed is known.
   *
   * @param size how many, 0 or more
   * @return the bytes, in memory of {@link BufferPool#shared}; the caller closes them
   * @throws IllegalArgumentException if the size is negative
   * @throws ObjectStoreException as for {@link #generate(GeneratedObject, GeneratorPool,
   *     BufferPool)}
   */
  public static BytesView generate(long size) throws ObjectStoreException {
    return generate(GeneratorSpec.random(), size);
  }

  /**
   * The bytes of the object of a data set whose key is empty, made by the calling thread.
   *
   * @param spec what they are like; its objects do not share blocks
   * @param size how many, 0 or more
   * @return the bytes, in memory of {@link BufferPool#shared}; the caller closes them
   * @throws IllegalArgumentException if the size is negative, or objects share blocks
   * @throws ObjectStoreException as for {@link #generate(GeneratedObject, GeneratorPool,
   *     BufferPool)}
   */
  public static BytesView generate(GeneratorSpec spec, long size) throws ObjectStoreException {
    return generate(spec.object("", size), CALLERS_THREAD, BufferPool.shared());
  }

  /**
   * The bytes of an object.
   *
   * @param object which; its size may exceed 2 GiB, and the bytes are then in several pieces
   * @param threads for more than 1 MiB; stays the caller's, who closes it
   * @param memory where the memory comes from
   * @return the bytes, which the caller closes
   * @throws ObjectStoreException of kind OUT_OF_RESOURCES if the size is above the limit of the
   *     memory or it does not become free within a minute; of kind CANCELLED if the thread was
   *     interrupted while it waited
   * @throws RejectedExecutionException if the threads are needed and closed
   */
  public static BytesView generate(GeneratedObject object, GeneratorPool threads, BufferPool memory)
      throws ObjectStoreException {
    try (Lease lease = memory.acquire(object.size(), "generate", MEMORY_TIMEOUT)) {
      fill(lease, object, 0, object.size(), threads);
      return lease.freeze();
    }
  }

  /**
   * Fills a buffer as far as there are bytes. Allocates nothing if the calling thread makes them.
   *
   * @param dst filled from its position on, which moves behind the last byte
   * @return how many bytes: as many as there was room for, fewer only if the end was reached; -1 if
   *     it had been reached before and there was room
   * @throws ReadOnlyBufferException if the buffer is read-only; no range is taken
   * @throws RejectedExecutionException if the threads are needed and closed
   */
  public int fill(ByteBuffer dst) {
    if (dst.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    if (!dst.hasRemaining()) {
      return 0;
    }
    GeneratedObject from;
    long offset;
    int length;
    synchronized (lock) {
      from = object;
      offset = position - start;
      length = (int) take(dst.remaining());
    }
    if (length == 0) {
      return -1;
    }
    int limit = dst.limit();
    try {
      fill(from, offset, dst.limit(dst.position() + length), threads);
    } finally {
      dst.limit(limit);
    }
    return length;
  }

  /**
   * The next {@value #CHUNK_SIZE} bytes, or those that are left.
   *
   * @return as for {@link #chunk(long)}
   * @throws ObjectStoreException as for {@link #chunk(long)}
   */
  public BytesView chunk() throws ObjectStoreException {
    return chunk(CHUNK_SIZE);
  }

  /**
   * The next bytes, in memory of the pool.
   *
   * @param length how many, 1 or more
   * @return that many bytes, fewer only if the end was reached; none if it had been reached before.
   *     The caller closes them
   * @throws IllegalArgumentException if the length is not 1 or more
   * @throws ObjectStoreException of kind OUT_OF_RESOURCES if the length is above the limit of the
   *     memory or it does not become free within a minute; of kind CANCELLED if the thread was
   *     interrupted while it waited. No range is taken
   * @throws RejectedExecutionException if the threads are needed and closed
   */
  public BytesView chunk(long length) throws ObjectStoreException {
    if (length < 1) {
      throw new IllegalArgumentException("a chunk of " + length + " bytes: must be 1 or more");
    }
    // The memory first, so that a range is not lost if there is none.
    long wanted = Math.min(length, remaining());
    try (Lease lease = memory.acquire(wanted, "chunk", MEMORY_TIMEOUT)) {
      GeneratedObject from;
      long offset;
      long taken;
      synchronized (lock) {
        from = object;
        offset = position - start;
        taken = take(wanted);
      }
      fill(lease, from, offset, taken, threads);
      if (taken == wanted) {
        return lease.freeze();
      }
      // Others have taken of what was left.
      try (BytesView all = lease.freeze()) {
        return all.slice(0, taken);
      }
    }
  }

  /** Moves the position; the lock is held. */
  private long take(long wanted) {
    long length = Math.min(wanted, size - position);
    position += length;
    return length;
  }

  private static void fill(
      Lease lease, GeneratedObject object, long offset, long length, GeneratorPool threads) {
    long done = 0;
    for (ByteBuffer piece : lease.buffers()) {
      int part = (int) Math.min(piece.remaining(), length - done);
      fill(object, offset + done, piece.limit(part), threads);
      done += part;
    }
  }

  private static void fill(
      GeneratedObject object, long offset, ByteBuffer dst, GeneratorPool threads) {
    if (dst.remaining() <= SharedWork.PIECE) {
      object.read(offset, dst);
    } else {
      threads.fill(object, offset, dst);
    }
  }

  /**
   * Moves to an offset in {@link #object}: the bytes that follow are those which the object has
   * there.
   *
   * @param offset in bytes, 0 to {@link #size}
   * @throws IllegalArgumentException if it is out of range
   */
  public void seek(long offset) {
    if (offset < 0 || offset > size) {
      throw new IllegalArgumentException(
          "seek to %d: must be 0 to %d, the size".formatted(offset, size));
    }
    synchronized (lock) {
      position = offset;
      start = 0;
    }
  }

  /** Moves to the first byte of {@link #object}. A seed that was set stays. */
  public void reset() {
    seek(0);
  }

  /**
   * Goes on with another seed, whose bytes follow from the first one on: stripes of the seeds A, B
   * and A are alike where the seed is, wherever they lie. The position does not change, and counts
   * all stripes; {@link #seek} leaves the stripe.
   *
   * <p>So each stripe is the beginning of an object, {@link #object}, and can be checked with it.
   *
   * @param seed any number; {@code GeneratorSpec.random().seed()} is a new one
   */
  public void setSeed(long seed) {
    synchronized (lock) {
      object = object.spec().withSeed(seed).object(object.key(), size, object.index());
      start = position;
    }
  }

  /**
   * The object whose bytes come next.
   *
   * @return that of the constructor, with the seed that was set last
   */
  public GeneratedObject object() {
    synchronized (lock) {
      return object;
    }
  }

  /**
   * How many bytes there are in all.
   *
   * @return the object's size
   */
  public long size() {
    return size;
  }

  /**
   * Where the next call begins.
   *
   * @return bytes that lie before it, 0 to {@link #size}
   */
  public long position() {
    synchronized (lock) {
      return position;
    }
  }

  /**
   * How many bytes are left.
   *
   * @return bytes, 0 or more
   */
  public long remaining() {
    return size - position();
  }

  /**
   * Whether none are left.
   *
   * @return whether the position is at the end
   */
  public boolean isComplete() {
    return remaining() == 0;
  }
}
