package io.s3dlio.datagen;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Makes floats of words of 32 bits: the upper 24 bits of a word, n, are the float {@code low + n /
 * 2^24 * width}, in which the product and the sum are rounded to floats.
 *
 * <p>An instance serves one thread: it has room for intermediate results, small enough to stay in
 * the first-level cache.
 */
final class UniformFloats {

  /** How many floats are made at a time. */
  static final int CHUNK = Pages.PAGE / Float.BYTES;

  /** The largest of the numbers from 0 to 1 of which floats are made. */
  private static final float MAX_UNIT = 0x1p0f - 0x1p-24f;

  /**
   * This version's compiler turns the conversion of integers into vector instructions, 17's not.
   */
  private static final int CONVERTING_JDK = 20;

  /** The bits of 1f: the mantissa behind it makes it 1 to 2. */
  private static final int ONE = 0x3F800000;

  private final boolean convert;
  private final int[] words = new int[CHUNK];
  private final int[] ones = new int[CHUNK];
  private final float[] units = new float[CHUNK];
  private final float[] base = new float[CHUNK];
  private final IntBuffer bits;
  private final FloatBuffer floats;

  UniformFloats() {
    this(Runtime.version().feature() >= CONVERTING_JDK);
  }

  /**
   * As told.
   *
   * @param convert whether integers are converted to floats, or floats made of their bits: the
   *     result is the same
   */
  UniformFloats(boolean convert) {
    this.convert = convert;
    ByteBuffer memory = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.nativeOrder());
    this.bits = memory.asIntBuffer();
    this.floats = memory.asFloatBuffer();
  }

  /**
   * The largest width with which no float reaches the upper bound, whatever is rounded. Sums and
   * products never decrease where a term grows, so it is found by halving, and the largest word
   * stands for all.
   */
  static float width(float low, float high) {
    int fits = 0;
    int above = Float.floatToRawIntBits(high - low) + 1;
    while (above - fits > 1) {
      int middle = (fits + above) >>> 1;
      float product = MAX_UNIT * Float.intBitsToFloat(middle);
      if (low + product < high) {
        fits = middle;
      } else {
        above = middle;
      }
    }
    return Float.intBitsToFloat(fits);
  }

  /**
   * Makes floats.
   *
   * @param in the words, at 0
   * @param count how many, up to {@link #CHUNK}
   * @param out where they go, from {@code at} on
   */
  void make(IntBuffer in, int count, float low, float width, float[] out, int at) {
    in.get(0, words, 0, count);
    if (convert) {
      scaleWords(words, units, count, low, width);
    } else {
      toBits(words, ones, count);
      bits.put(0, words, 0, count);
      floats.get(0, units, 0, count);
      bits.put(0, ones, 0, count);
      floats.get(0, base, 0, count);
      scaleUnits(units, base, count, low, width);
    }
    // JDK 17 makes vectors only of loops over arrays that all begin at the same place.
    System.arraycopy(units, 0, out, at, count);
  }

  private static void scaleWords(int[] words, float[] out, int count, float low, float width) {
    for (int i = 0; i < count; i++) {
      out[i] = low + (words[i] >>> 8) * 0x1p-24f * width;
    }
  }

  /**
   * Of 24 bits the upper 23 go behind the 1 of a float, the last one makes what is taken off less.
   */
  private static void toBits(int[] words, int[] ones, int count) {
    for (int i = 0; i < count; i++) {
      int word = words[i];
      ones[i] = ONE - ((word >>> 8) & 1);
      words[i] = ONE | (word >>> 9);
    }
  }

  private static void scaleUnits(float[] units, float[] base, int count, float low, float width) {
    for (int i = 0; i < count; i++) {
      units[i] = low + (units[i] - base[i]) * width;
    }
  }
}
