package io.s3dlio.datagen;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.buffer.BufferPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Small pieces of data that are ready: for many small objects, which each are to have bytes of
 * their own.
 *
 * <p>A slice is a range of a stream that has no end, made {@value #CHUNK_SIZE} bytes ahead, and no
 * range is given twice. So two slices of 16 bytes or more are equal only by coincidence, be they
 * from one pool, from two with different keys, or from two with different seeds, such as those of
 * {@link GeneratorSpec#random}; also in other processes. Two pools with the same specification and
 * key give the same bytes. A dedup ratio above 1 asks for copies, and there are as many as it says.
 *
 * <p>With a compression or dedup ratio a slice begins where a page and a block do, and both have at
 * most its own size, so that each slice is as the specification says and not only all of them
 * together: a slice of n bytes has blocks of the largest power of two up to n, from 512 up to the
 * {@linkplain GeneratorSpec#dedupBlock block} of the specification. What is left of its last page
 * is not given to anybody. Slices below 512 bytes are hardly compressible.
 *
 * <p>A slice is the caller's until he closes it, and its bytes do not change until then. The pool
 * holds one chunk of memory of each of the block sizes in use; a chunk goes back when the pool has
 * done with it and all slices of it are closed, so a slice that is kept keeps a chunk.
 *
 * <p>Thread-safe; the bytes of all threads are made by one of them at a time. Where that is too
 * slow a pool for each thread, with a key of its own, is faster.
 */
public final class SlicePool implements AutoCloseable {

  /** The largest slice, in bytes. */
  public static final int MAX_SLICE = 256 << 10;

  /** A few large slices, or many small ones, and still in the second-level cache. */
  static final int CHUNK_SIZE = 1 << 20;

  /** Below this a page has little room for anything but what a compressor adds. */
  private static final int MIN_BLOCK = 512;

  private final GeneratorSpec spec;
  private final String key;
  private final BufferPool memory;
  private final boolean shaped;
  private final ReentrantLock lock = new ReentrantLock();

  // All below is guarded by the lock.

  /** By the power of two of their block; null where none was asked for. */
  private final SliceStream[] streams = new SliceStream[Integer.SIZE];

  private boolean closed;

  /**
   * Slices of the stream whose key is empty, in memory of {@link BufferPool#shared}.
   *
   * @param spec what they are like; its objects do not share blocks
   * @throws IllegalArgumentException if they do
   */
  public SlicePool(GeneratorSpec spec) {
    this(spec, "", BufferPool.shared());
  }

  /**
   * Slices of one of the streams of a data set.
   *
   * @param spec what they are like; its objects do not share blocks
   * @param key whose slices: those of different keys are different
   * @param memory where the memory comes from
   * @throws IllegalArgumentException if objects share blocks, or the key is not well-formed Unicode
   */
  public SlicePool(GeneratorSpec spec, String key, BufferPool memory) {
    spec.object(key, Long.MAX_VALUE);
    this.spec = spec;
    this.key = key;
    this.memory = memory;
    this.shaped = spec.compression() > 1 || spec.dedup() > 1;
  }

  /**
   * Bytes that were not given before.
   *
   * @param size how many, 1 to {@value #MAX_SLICE}
   * @return the bytes, in one piece; the caller closes them, also after the pool was closed
   * @throws IllegalArgumentException if the size is out of range
   * @throws IllegalStateException if the pool is closed
   * @throws ObjectStoreException of kind OUT_OF_RESOURCES if there is no memory for the next chunk
   *     within a minute; of kind CANCELLED if the thread was interrupted while it waited
   */
  public BytesView nextSlice(int size) throws ObjectStoreException {
    if (size < 1 || size > MAX_SLICE) {
      throw new IllegalArgumentException(
          "a slice of %,d bytes: must be 1 to %,d".formatted(size, MAX_SLICE));
    }
    enter();
    try {
      if (closed) {
        throw new IllegalStateException("the slice pool is closed");
      }
      int block = shaped ? blockFor(size) : spec.dedupBlock();
      int number = Integer.numberOfTrailingZeros(block);
      if (streams[number] == null) {
        GeneratedObject object = spec.withDedupBlock(block).object(key, Long.MAX_VALUE);
        streams[number] = new SliceStream(object, shaped ? block : 1, memory);
      }
      return streams[number].next(size);
    } finally {
      lock.unlock();
    }
  }

  private int blockFor(int size) {
    return Math.min(spec.dedupBlock(), Integer.highestOneBit(Math.max(MIN_BLOCK, size)));
  }

  private void enter() throws ObjectStoreException {
    if (lock.tryLock()) {
      return;
    }
    try {
      if (lock.tryLock(DataGenerator.MEMORY_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException(
          Kind.CANCELLED, "nextSlice", null, "interrupted while another thread makes slices", e);
    }
    throw new ObjectStoreException(
        Kind.OUT_OF_RESOURCES,
        "nextSlice",
        null,
        "other threads have waited for memory for "
            + DataGenerator.MEMORY_TIMEOUT.toSeconds()
            + " s; close the slices that are no longer needed",
        null);
  }

  /** Gives the memory back of which there are no slices. Harmless when done before. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      for (SliceStream stream : streams) {
        if (stream != null) {
          stream.close();
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
