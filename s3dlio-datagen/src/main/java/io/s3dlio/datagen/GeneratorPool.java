package io.s3dlio.datagen;

import io.s3dlio.platform.SystemInfo;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RejectedExecutionException;

/**
 * Threads that fill large buffers together.
 *
 * <p>They are daemon threads and stop with {@link #close}. The bytes are those of {@link
 * GeneratedObject#read}, which is enough where several threads read anyway: a transfer makes each
 * part on the worker that sends it and needs no pool.
 *
 * <p>Thread-safe. Callers that fill at the same time share the threads.
 */
public final class GeneratorPool implements AutoCloseable {

  /** Large enough that handing it out costs nothing, small enough that all threads end together. */
  private static final int PIECE = 1 << 20;

  private final int threads;
  private final ForkJoinPool pool;

  /** A pool of half of the CPUs that this process can use; the rest is for input and output. */
  public GeneratorPool() {
    this(defaultThreads());
  }

  /**
   * A pool of a given size.
   *
   * @param threads how many threads make the bytes of large fills, 1 to 1,024; with 1, the caller's
   *     own does
   * @throws IllegalArgumentException if it is out of range
   */
  public GeneratorPool(int threads) {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException(threads + " generator threads: must be 1 to 1024");
    }
    this.threads = threads;
    this.pool = new ForkJoinPool(threads, GeneratorPool::worker, null, false);
  }

  /**
   * Half of the CPUs that this process can use, by its affinity and its quota.
   *
   * @return 1 or more
   */
  public static int defaultThreads() {
    return Math.max(1, SystemInfo.current().usableCpus() / 2);
  }

  /**
   * How many threads make the bytes of large fills.
   *
   * @return 1 or more
   */
  public int threads() {
    return threads;
  }

  /**
   * Fills a buffer, one of up to 1 MiB on the calling thread. When the method returns, no other
   * thread touches the buffer any more; an interrupt does not end it and stays set.
   *
   * @param object whose bytes
   * @param offset where they begin in the object, in bytes
   * @param dst filled from its position to its limit, where its position is afterwards
   * @throws IndexOutOfBoundsException if the range is not inside the object
   * @throws ReadOnlyBufferException if the buffer is read-only
   * @throws RejectedExecutionException if the pool is closed
   */
  public void fill(GeneratedObject object, long offset, ByteBuffer dst) {
    Objects.checkFromIndexSize(offset, dst.remaining(), object.size());
    if (dst.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    if (pool.isShutdown()) {
      throw new RejectedExecutionException("the generator pool is closed");
    }
    if (threads == 1 || dst.remaining() <= PIECE) {
      object.read(offset, dst);
    } else {
      pool.invoke(new Fill(object, offset, dst, dst.position(), dst.remaining()));
      dst.position(dst.limit());
    }
  }

  /** Stops the threads when the fills under way are done. Closing twice is harmless. */
  @Override
  public void close() {
    pool.shutdown();
  }

  private static ForkJoinWorkerThread worker(ForkJoinPool pool) {
    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
    thread.setName("s3dlio-generator-" + (thread.getPoolIndex() + 1));
    return thread;
  }

  /** A range that is halved until it is a piece. */
  private static final class Fill extends RecursiveAction {

    private static final long serialVersionUID = 1;

    private final transient GeneratedObject object;
    private final long offset;
    private final transient ByteBuffer dst;
    private final int position;
    private final int length;

    Fill(GeneratedObject object, long offset, ByteBuffer dst, int position, int length) {
      this.object = object;
      this.offset = offset;
      this.dst = dst;
      this.position = position;
      this.length = length;
    }

    @Override
    protected void compute() {
      if (length <= PIECE) {
        object.read(offset, dst.slice(position, length));
      } else {
        // Cut between two blocks: nobody makes the beginning of a block for the other.
        int half = length / 2 - (int) ((offset + length / 2) % Pages.BLOCK);
        invokeAll(
            new Fill(object, offset, dst, position, half),
            new Fill(object, offset + half, dst, position + half, length - half));
      }
    }
  }
}
