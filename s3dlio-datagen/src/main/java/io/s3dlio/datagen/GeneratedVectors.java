package io.s3dlio.datagen;

import io.s3dlio.ByteSource;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rows of floats for vector databases, made when they are read: uniform in [low, high), if wanted
 * scaled to length 1.
 *
 * <p>The floats are a pure function of seed, key, dimension, bounds and their place, on every
 * machine and JDK; the function is published in {@code docs/generator-format.md}. Any range can be
 * made alone, in any order, by any number of threads. As a {@link ByteSource} the rows lie one
 * behind the other in 32-bit floats, little-endian, without anything around them, and can be stored
 * without being in memory as a whole.
 *
 * <p>Immutable and thread-safe. A read makes the floats on the thread that calls it, in room of a
 * hundred KiB or so that is kept for each thread; it allocates nothing else. Of normalized vectors
 * it makes the rows that it ends in as a whole.
 */
public final class GeneratedVectors implements ByteSource {

  /** The largest dimension of normalized vectors. */
  public static final int MAX_NORMALIZED_DIMENSION = 65_536;

  private final GeneratedObject stream;
  private final long rows;
  private final int dimension;
  private final float low;
  private final float high;
  private final float width;
  private final boolean normalized;

  private GeneratedVectors(
      GeneratedObject stream, long rows, int dimension, float low, float high, boolean normalized) {
    if (normalized && dimension > MAX_NORMALIZED_DIMENSION) {
      throw new IllegalArgumentException(
          "normalized vectors of dimension %,d: must be 1 to %,d"
              .formatted(dimension, MAX_NORMALIZED_DIMENSION));
    }
    if (!Float.isFinite(low) || !Float.isFinite(high) || low >= high) {
      throw new IllegalArgumentException(
          "floats from " + low + " to " + high + ": must be finite, and the first one less");
    }
    if (high - low > Float.MAX_VALUE) {
      throw new IllegalArgumentException(
          "floats from %s to %s: they must not be further apart than %s"
              .formatted(low, high, Float.MAX_VALUE));
    }
    this.stream = stream;
    this.rows = rows;
    this.dimension = dimension;
    this.low = low;
    this.high = high;
    this.width = UniformFloats.width(low, high);
    this.normalized = normalized;
  }

  /**
   * Vectors whose floats are uniform in [0, 1), in steps of 2^-24. For a plain array of n floats
   * take n rows of dimension 1.
   *
   * @param seed any number
   * @param key a name; other names have other floats
   * @param rows how many vectors, 0 or more
   * @param dimension floats in each, 1 or more
   * @return the vectors, of which nothing is made yet
   * @throws IllegalArgumentException if a number is out of range, or there were more than 2^63 - 1
   *     bytes, or the key is not well-formed Unicode
   */
  public static GeneratedVectors uniform(long seed, String key, long rows, int dimension) {
    if (rows < 0) {
      throw new IllegalArgumentException(rows + " vectors: must be 0 or more");
    }
    if (dimension < 1) {
      throw new IllegalArgumentException(
          "vectors of dimension " + dimension + ": must be 1 or more");
    }
    long rowBytes = (long) dimension * Float.BYTES;
    if (rows > Long.MAX_VALUE / rowBytes) {
      throw new IllegalArgumentException(
          "%,d vectors of %,d floats: would have more than 2^63 - 1 bytes"
              .formatted(rows, dimension));
    }
    GeneratedObject stream = GeneratorSpec.of(seed).object(key, rows * rowBytes);
    return new GeneratedVectors(stream, rows, dimension, 0, 1, false);
  }

  /**
   * With other bounds. Each of the floats is low plus a multiple of (high - low) / 2^24, rounded;
   * it is never the upper bound.
   *
   * @param lowest the lower bound, which may occur
   * @param above the upper bound, which does not occur
   * @return a copy
   * @throws IllegalArgumentException if a bound is not finite, they are further apart than the
   *     largest float, or the lower one is not less
   */
  public GeneratedVectors withRange(float lowest, float above) {
    return new GeneratedVectors(stream, rows, dimension, lowest, above, normalized);
  }

  /**
   * With rows scaled to a Euclidean length of 1, to within 1.2e-7. A row of zeros, which is
   * possible if the bounds include 0, becomes (1, 0, … 0). The bounds are those before scaling:
   * with -1 and 1 the directions are those of points in a cube.
   *
   * @return a copy
   * @throws IllegalArgumentException if the dimension is above {@value #MAX_NORMALIZED_DIMENSION}
   */
  public GeneratedVectors normalized() {
    return new GeneratedVectors(stream, rows, dimension, low, high, true);
  }

  /**
   * How many vectors.
   *
   * @return 0 or more
   */
  public long rows() {
    return rows;
  }

  /**
   * Floats in a vector.
   *
   * @return 1 or more
   */
  public int dimension() {
    return dimension;
  }

  /**
   * The lower bound, before scaling.
   *
   * @return a finite number
   */
  public float low() {
    return low;
  }

  /**
   * The upper bound, before scaling.
   *
   * @return a finite number, above {@link #low}
   */
  public float high() {
    return high;
  }

  /**
   * Whether rows have length 1.
   *
   * @return true if they have
   */
  public boolean isNormalized() {
    return normalized;
  }

  @Override
  public long size() {
    return stream.size();
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    Objects.checkFromIndexSize(offset, dst.remaining(), size());
    if (dst.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    VectorMaker.ofThisThread().read(this, offset, dst);
  }

  /**
   * Reads bytes, on the threads of a pool if they are more than 1 MiB. When the method returns, no
   * other thread touches the buffer any more.
   *
   * @param offset where to read, in bytes from the first row's begin
   * @param dst filled from its position to its limit, where its position is afterwards
   * @param pool whose threads are used; stays open
   * @throws IndexOutOfBoundsException if the range is not inside
   * @throws ReadOnlyBufferException if the buffer is read-only
   * @throws java.util.concurrent.RejectedExecutionException if the pool is closed
   */
  public void read(long offset, ByteBuffer dst, GeneratorPool pool) {
    int length = dst.remaining();
    Objects.checkFromIndexSize(offset, length, size());
    if (dst.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    int position = dst.position();
    pool.share(
        offset % Pages.BLOCK,
        length,
        (from, to) -> read(offset + from, dst.slice(position + from, to - from)));
    dst.position(dst.limit());
  }

  /**
   * Reads whole rows.
   *
   * @param firstRow the number of the first one, from 0 on
   * @param dst filled from its position to its limit, where its position is afterwards; of any byte
   *     order, with room for a whole number of rows
   * @throws IllegalArgumentException if the room is not for a whole number of rows
   * @throws IndexOutOfBoundsException if there are not as many rows
   * @throws ReadOnlyBufferException if the buffer is read-only
   */
  public void readRows(long firstRow, FloatBuffer dst) {
    wholeRows(dst.remaining(), dimension);
    Objects.checkFromIndexSize(firstRow, dst.remaining() / dimension, rows);
    if (dst.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    VectorMaker.ofThisThread().read(this, firstRow * dimension, dst);
  }

  /**
   * Makes rows in pooled memory.
   *
   * @param firstRow the number of the first one, from 0 on
   * @param count how many rows
   * @param memory where the memory is taken from; waits for it, for a minute at most
   * @param pool whose threads make the rows; stays open
   * @return the rows, which the caller closes; {@link BytesView#asFloatBuffer} shows them
   * @throws IndexOutOfBoundsException if there are not as many rows
   * @throws ObjectStoreException if there is not as much memory
   * @throws java.util.concurrent.RejectedExecutionException if the pool is closed
   */
  public BytesView generate(long firstRow, long count, BufferPool memory, GeneratorPool pool)
      throws ObjectStoreException {
    Objects.checkFromIndexSize(firstRow, count, rows);
    long rowBytes = (long) dimension * Float.BYTES;
    try (Lease lease = memory.acquire(count * rowBytes, this, DataGenerator.MEMORY_TIMEOUT)) {
      long at = firstRow * rowBytes;
      for (ByteBuffer piece : lease.buffers()) {
        int length = piece.remaining();
        read(at, piece, pool);
        at += length;
      }
      return lease.freeze();
    }
  }

  /**
   * Scales rows of floats to a Euclidean length of 1, to within 1.2e-7, in place. Squares are added
   * as doubles, so that very large and very small numbers do no harm. What has no direction is left
   * as it is: rows of zeros, and rows with a number that is infinite or none.
   *
   * @param rows the rows one behind the other, from the buffer's position to its limit, which both
   *     stay
   * @param dimension floats in a row, 1 or more
   * @return how many rows were left as they are
   * @throws IllegalArgumentException if the dimension is less than 1, or there is not a whole
   *     number of rows
   * @throws ReadOnlyBufferException if the buffer is read-only
   */
  public static long normalizeRows(FloatBuffer rows, int dimension) {
    int count = checkRows(rows, dimension);
    return VectorMaker.ofThisThread().normalize(rows, rows.position(), count, dimension);
  }

  /**
   * Does the same on the threads of a pool.
   *
   * @param rows the rows one behind the other, from the buffer's position to its limit, which both
   *     stay
   * @param dimension floats in a row, 1 or more
   * @param pool whose threads are used; stays open
   * @return how many rows were left as they are
   * @throws IllegalArgumentException if the dimension is less than 1, or there is not a whole
   *     number of rows
   * @throws ReadOnlyBufferException if the buffer is read-only
   * @throws java.util.concurrent.RejectedExecutionException if the pool is closed
   */
  public static long normalizeRows(FloatBuffer rows, int dimension, GeneratorPool pool) {
    checkRows(rows, dimension);
    int position = rows.position();
    AtomicLong left = new AtomicLong();
    pool.share(
        0,
        rows.remaining(),
        (from, to) -> {
          // Rows that begin in the share.
          int first = ceilDiv(from, dimension);
          int count = ceilDiv(to, dimension) - first;
          int at = position + first * dimension;
          left.addAndGet(VectorMaker.ofThisThread().normalize(rows, at, count, dimension));
        });
    return left.get();
  }

  private static int ceilDiv(int x, int y) {
    return x / y + (x % y == 0 ? 0 : 1);
  }

  private static int checkRows(FloatBuffer rows, int dimension) {
    if (dimension < 1) {
      throw new IllegalArgumentException("rows of dimension " + dimension + ": must be 1 or more");
    }
    wholeRows(rows.remaining(), dimension);
    if (rows.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    return rows.remaining() / dimension;
  }

  private static void wholeRows(int floats, int dimension) {
    if (floats % dimension != 0) {
      throw new IllegalArgumentException(
          "%,d floats: not a whole number of rows of %,d".formatted(floats, dimension));
    }
  }

  GeneratedObject stream() {
    return stream;
  }

  /** What the numbers from 0 to 1 are multiplied by: high - low, or a little less. */
  float width() {
    return width;
  }

  /** What it is, for people to read. */
  @Override
  public String toString() {
    return "%d vectors of %d floats in [%s, %s)%s, seed %d, key %s"
        .formatted(
            rows,
            dimension,
            low,
            high,
            normalized ? ", normalized" : "",
            stream.spec().seed(),
            stream.key());
  }
}
