package io.s3dlio.datagen;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Scales rows to length 1. The order in which numbers are added is fixed, so the result is the same
 * on every machine.
 *
 * <p>An instance serves one thread: it has the sum of a row under way.
 */
final class UnitRows {

  /** The largest exponent of a float. */
  private static final int MAX_EXPONENT = 127;

  private static final int SUMS = 8;

  private final double[] sums = new double[SUMS];

  /**
   * Scales rows that lie one behind the other.
   *
   * @return how many were left as they are, because they have no direction
   */
  int scale(float[] x, int rows, int dimension) {
    int left = 0;
    for (int row = 0; row < rows; row++) {
      int from = row * dimension;
      begin();
      add(x, from, dimension);
      double squares = squares();
      if (hasDirection(squares)) {
        multiply(x, from, dimension, squares);
      } else {
        left++;
      }
    }
    return left;
  }

  /**
   * Scales one row of any length, piece by piece.
   *
   * @param room for a piece; its length is a multiple of 8
   * @return whether it has a direction, without which it is left as it is
   */
  boolean scale(FloatBuffer x, int from, int dimension, float[] room) {
    begin();
    for (int at = 0; at < dimension; at += room.length) {
      int count = Math.min(room.length, dimension - at);
      x.get(from + at, room, 0, count);
      add(room, 0, count);
    }
    double squares = squares();
    if (!hasDirection(squares)) {
      return false;
    }
    for (int at = 0; at < dimension; at += room.length) {
      int count = Math.min(room.length, dimension - at);
      x.get(from + at, room, 0, count);
      multiply(room, 0, count, squares);
      x.put(from + at, room, 0, count);
    }
    return true;
  }

  /** Neither all zeros, nor with an infinite number or one that is none. */
  static boolean hasDirection(double squares) {
    return squares > 0 && squares < Double.POSITIVE_INFINITY;
  }

  private void begin() {
    Arrays.fill(sums, 0);
  }

  /** Of all pieces of a row only the last one may have a length that is no multiple of 8. */
  private void add(float[] x, int from, int count) {
    double s0 = sums[0];
    double s1 = sums[1];
    double s2 = sums[2];
    double s3 = sums[3];
    double s4 = sums[4];
    double s5 = sums[5];
    double s6 = sums[6];
    double s7 = sums[7];
    int whole = from + count / SUMS * SUMS;
    // Squares of floats are exact in doubles.
    for (int i = from; i < whole; i += SUMS) {
      s0 += (double) x[i] * x[i];
      s1 += (double) x[i + 1] * x[i + 1];
      s2 += (double) x[i + 2] * x[i + 2];
      s3 += (double) x[i + 3] * x[i + 3];
      s4 += (double) x[i + 4] * x[i + 4];
      s5 += (double) x[i + 5] * x[i + 5];
      s6 += (double) x[i + 6] * x[i + 6];
      s7 += (double) x[i + 7] * x[i + 7];
    }
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
    sums[4] = s4;
    sums[5] = s5;
    sums[6] = s6;
    sums[7] = s7;
    for (int i = whole; i < from + count; i++) {
      sums[i - whole] += (double) x[i] * x[i];
    }
  }

  private double squares() {
    return ((sums[0] + sums[1]) + (sums[2] + sums[3]))
        + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  }

  /**
   * By a power of two first, so that neither the factor nor a product is too large or too small.
   */
  private static void multiply(float[] x, int from, int count, double squares) {
    double length = Math.sqrt(squares);
    int exponent = Math.min(MAX_EXPONENT, -Math.getExponent(length));
    float power = Math.scalb(1f, exponent);
    float factor = (float) (1 / Math.scalb(length, exponent));
    for (int i = from; i < from + count; i++) {
      x[i] = x[i] * power * factor;
    }
  }
}
