package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** However they are read, rows of floats are one sequence, within their bounds. */
class GeneratedVectorsProperties {

  private static final double NORM_ERROR = 1.2e-7;

  @Property(tries = 300)
  void any_range_of_bytes_alone_is_a_part_of_the_whole(
      @ForAll @IntRange(min = 1, max = 9000) int dimension,
      @ForAll boolean normalized,
      @ForAll boolean direct,
      @ForAll @IntRange(max = 13) int position,
      @ForAll Random random) {
    long rows = Math.max(2, 30_000 / dimension);
    GeneratedVectors vectors = vectors(rows, dimension, normalized);
    byte[] whole = bytes(vectors);
    int size = (int) vectors.size();
    int from = random.nextInt(size);
    int length = random.nextInt(Math.min(size - from, 40_000) + 1);
    int capacity = position + length + 5;
    ByteBuffer dst = direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
    dst.position(position).limit(position + length);
    vectors.read(from, dst);
    assertThat(dst.position()).isEqualTo(dst.limit());
    assertThat(dst.position(position)).isEqualTo(ByteBuffer.wrap(whole, from, length));
    dst.clear();
    for (int i = 0; i < capacity; i++) {
      if (i < position || i >= position + length) {
        assertThat(dst.get(i)).as("byte %d lies outside of the range asked for", i).isZero();
      }
    }
  }

  @Property(tries = 100)
  void any_rows_alone_are_a_part_of_the_whole(
      @ForAll @IntRange(min = 1, max = 5000) int dimension,
      @ForAll boolean normalized,
      @ForAll boolean bigEndian,
      @ForAll Random random) {
    int rows = Math.max(3, 30_000 / dimension);
    GeneratedVectors vectors = vectors(rows, dimension, normalized);
    float[] whole = floats(vectors);
    int first = random.nextInt(rows);
    int count = random.nextInt(rows - first + 1);
    FloatBuffer dst =
        ByteBuffer.allocate(count * dimension * Float.BYTES)
            .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    vectors.readRows(first, dst);
    assertThat(dst.hasRemaining()).isFalse();
    assertThat(dst.flip()).isEqualTo(FloatBuffer.wrap(whole, first * dimension, count * dimension));
  }

  @Property
  void no_float_leaves_its_bounds(
      @ForAll int lowBits, @ForAll int highBits, @ForAll @Size(20) int[] words) {
    // Without a bit of the exponent, so that all are finite and none too far from another.
    float one = Float.intBitsToFloat(lowBits & 0xFEFFFFFF);
    float other = Float.intBitsToFloat(highBits & 0xFEFFFFFF);
    Assume.that(one != other);
    assertInBounds(Math.min(one, other), Math.max(one, other), words);
  }

  @Property
  void no_float_leaves_bounds_that_are_next_to_each_other(
      @ForAll int lowBits,
      @ForAll @IntRange(min = 1, max = 70) int steps,
      @ForAll @Size(20) int[] words) {
    float low = Float.intBitsToFloat(lowBits);
    Assume.that(Math.abs(low) < 1e38f);
    float high = low;
    for (int i = 0; i < steps; i++) {
      high = Math.nextUp(high);
    }
    Assume.that(low < high);
    assertInBounds(low, high, words);
  }

  /**
   * With words that stand for the smallest and the largest number, and by both ways of making them.
   */
  private static void assertInBounds(float low, float high, int[] words) {
    int[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = -1;
    float width = UniformFloats.width(low, high);
    float[] converted = make(true, all, low, width);
    assertThat(make(false, all, low, width)).containsExactly(converted);
    for (int i = 0; i < all.length; i++) {
      assertThat(converted[i]).isGreaterThanOrEqualTo(low).isLessThan(high);
      float unit = (all[i] >>> 8) / 16_777_216f;
      float expected = low + unit * width;
      assertThat(converted[i]).isEqualTo(expected);
    }
    assertThat(converted[words.length + 1]).isEqualTo(low + 0f);
  }

  /** The bounds that people take lose nothing: the largest number is the one before the bound. */
  @Property
  void from_zero_on_the_width_is_the_bound(@ForAll @IntRange(min = -100, max = 120) int exponent) {
    float high = Math.scalb(1.2345f, exponent);
    assertThat(UniformFloats.width(0, high)).isEqualTo(high);
    assertThat(UniformFloats.width(-high, high)).isEqualTo(2 * high);
    assertThat(UniformFloats.width(1, 2)).isEqualTo(Math.nextDown(1f));
  }

  @Example
  void both_ways_make_the_same_floats_of_all_words() {
    int[] words = new int[UniformFloats.CHUNK];
    for (int n = 0; n < 1 << 24; n += words.length) {
      for (int i = 0; i < words.length; i++) {
        words[i] = ((n + i) << 8) | (i & 0xFF);
      }
      float[] units = make(true, words, 0, 1);
      assertThat(Arrays.equals(units, make(false, words, 0, 1))).isTrue();
      assertThat(units[5]).isEqualTo((n + 5) / 16_777_216f);
    }
  }

  @Property(tries = 50)
  void normalized_rows_have_length_1_and_the_direction_of_the_uniform_ones(
      @ForAll @IntRange(min = 1, max = 3000) int dimension,
      @ForAll @IntRange(min = -140, max = 120) int magnitude) {
    float bound = Math.scalb(1f, magnitude);
    GeneratedVectors uniform =
        GeneratedVectors.uniform(3, "unit", 20, dimension).withRange(-bound, bound);
    float[] before = floats(uniform);
    float[] after = floats(uniform.normalized());
    for (int row = 0; row < 20; row++) {
      double norm = norm(before, row * dimension, dimension);
      assertThat(norm(after, row * dimension, dimension)).isBetween(1 - NORM_ERROR, 1 + NORM_ERROR);
      if (norm > 0) {
        for (int i = row * dimension; i < (row + 1) * dimension; i++) {
          assertThat((double) after[i]).isCloseTo(before[i] / norm, offset(NORM_ERROR));
        }
      }
    }
  }

  @Property(tries = 100)
  void rows_of_the_caller_are_scaled_as_generated_ones(
      @ForAll @IntRange(min = 1, max = 20_000) int dimension, @ForAll boolean direct) {
    int rows = Math.max(2, 9000 / dimension);
    GeneratedVectors uniform =
        GeneratedVectors.uniform(5, "mine", rows, dimension).withRange(-2, 3);
    float[] expected = floats(uniform.normalized());
    int bytes = (rows * dimension + 3) * Float.BYTES;
    FloatBuffer mine =
        (direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes))
            .asFloatBuffer()
            .position(2);
    mine.limit(2 + rows * dimension);
    uniform.readRows(0, mine);
    assertThat(GeneratedVectors.normalizeRows(mine.position(2), dimension)).isZero();
    assertThat(mine.position()).isEqualTo(2);
    assertThat(mine).isEqualTo(FloatBuffer.wrap(expected));
    assertThat(mine.clear().get(0)).isZero();
    assertThat(mine.get(mine.limit() - 1)).isZero();
  }

  private static float[] make(boolean convert, int[] words, float low, float width) {
    float[] made = new float[words.length];
    IntBuffer in = IntBuffer.wrap(words);
    new UniformFloats(convert).make(in, words.length, low, width, made, 0);
    return made;
  }

  private static GeneratedVectors vectors(long rows, int dimension, boolean normalized) {
    GeneratedVectors uniform =
        GeneratedVectors.uniform(42, "vectors", rows, dimension).withRange(-1, 1);
    return normalized ? uniform.normalized() : uniform;
  }

  static double norm(float[] x, int from, int count) {
    double squares = 0;
    for (int i = from; i < from + count; i++) {
      squares += (double) x[i] * x[i];
    }
    return Math.sqrt(squares);
  }

  static byte[] bytes(GeneratedVectors vectors) {
    byte[] bytes = new byte[(int) vectors.size()];
    vectors.read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  static float[] floats(GeneratedVectors vectors) {
    float[] floats = new float[(int) (vectors.size() / Float.BYTES)];
    ByteBuffer.wrap(bytes(vectors)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
