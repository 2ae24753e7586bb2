package io.s3dlio.datagen;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Makes the floats of {@link GeneratedVectors}, a batch at a time.
 *
 * <p>One instance serves one thread.
 */
final class VectorMaker {

  /** Floats in a batch, unless a row is longer. */
  private static final int BATCH = UniformFloats.CHUNK;

  private static final ThreadLocal<VectorMaker> OF_THREAD =
      ThreadLocal.withInitial(VectorMaker::new);

  private final UniformFloats uniform = new UniformFloats();
  private final UnitRows unitRows = new UnitRows();
  private final ByteBuffer words =
      ByteBuffer.allocate(UniformFloats.CHUNK * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final IntBuffer wordInts = words.asIntBuffer();

  private float[] floats = new float[0];
  private byte[] bytes;
  private FloatBuffer byteFloats;

  /** The number of the first float of the batch, counted from the first row on. */
  private long first;

  private int count;

  static VectorMaker ofThisThread() {
    return OF_THREAD.get();
  }

  /** Fills the buffer; the range is inside. */
  void read(GeneratedVectors vectors, long offset, ByteBuffer dst) {
    long at = offset;
    long end = offset + dst.remaining();
    while (at < end) {
      make(vectors, at / Float.BYTES, (end - 1) / Float.BYTES + 1);
      byteFloats.put(0, floats, 0, count);
      int from = (int) (at - first * Float.BYTES);
      int length = (int) Math.min(end - at, (long) count * Float.BYTES - from);
      dst.put(bytes, from, length);
      at += length;
    }
  }

  /** Fills the buffer; the range is inside. */
  void read(GeneratedVectors vectors, long index, FloatBuffer dst) {
    long at = index;
    long end = index + dst.remaining();
    while (at < end) {
      make(vectors, at, end);
      int from = (int) (at - first);
      int length = (int) Math.min(end - at, count - from);
      dst.put(floats, from, length);
      at += length;
    }
  }

  /**
   * Scales rows where they are.
   *
   * @return how many were left as they are
   */
  long normalize(FloatBuffer rows, int index, int number, int dimension) {
    room(BATCH);
    long left = 0;
    if (dimension > BATCH) {
      for (int row = 0; row < number; row++) {
        if (!unitRows.scale(rows, index + row * dimension, dimension, floats)) {
          left++;
        }
      }
      return left;
    }
    int most = BATCH / dimension;
    for (int row = 0; row < number; row += most) {
      int some = Math.min(most, number - row);
      int at = index + row * dimension;
      rows.get(at, floats, 0, some * dimension);
      left += unitRows.scale(floats, some, dimension);
      rows.put(at, floats, 0, some * dimension);
    }
    return left;
  }

  /** Makes a batch that has the float at an index, and others up to an end that are wanted, too. */
  private void make(GeneratedVectors vectors, long index, long end) {
    int dimension = vectors.dimension();
    if (!vectors.isNormalized()) {
      room(BATCH);
      first = index;
      count = (int) Math.min(end - index, BATCH - index % UniformFloats.CHUNK);
      makeUniform(vectors);
      return;
    }
    room(Math.max(BATCH, dimension));
    long row = index / dimension;
    int rows = (int) Math.min((end - 1) / dimension + 1 - row, Math.max(1, BATCH / dimension));
    first = row * dimension;
    count = rows * dimension;
    makeUniform(vectors);
    if (unitRows.scale(floats, rows, dimension) > 0) {
      turnZeros(rows, dimension);
    }
  }

  private void room(int atLeast) {
    if (floats.length < atLeast) {
      // Rows are added up in pieces of a multiple of 8.
      int length = (atLeast + 7) / 8 * 8;
      floats = new float[length];
      bytes = new byte[length * Float.BYTES];
      byteFloats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
  }

  /** Cuts where the pages of the stream end: those that are whole need not be made aside. */
  private void makeUniform(GeneratedVectors vectors) {
    for (int done = 0; done < count; ) {
      long index = first + done;
      int some = (int) Math.min(count - done, UniformFloats.CHUNK - index % UniformFloats.CHUNK);
      vectors.stream().read(index * Integer.BYTES, words.clear().limit(some * Integer.BYTES));
      uniform.make(wordInts, some, vectors.low(), vectors.width(), floats, done);
      done += some;
    }
  }

  /** All numbers are finite, so what cannot be scaled is zeros: it becomes (1, 0, … 0). */
  private void turnZeros(int rows, int dimension) {
    for (int row = 0; row < rows; row++) {
      int at = row * dimension;
      boolean zeros = true;
      for (int i = at; i < at + dimension && zeros; i++) {
        zeros = floats[i] == 0;
      }
      if (zeros) {
        floats[at] = 1;
      }
    }
  }
}
