package io.s3dlio.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** CRC-32C (RFC 3720, appendix B.4), and the CRC of a whole from the CRCs of its parts. */
public final class Crc32c {

  /** The polynomial, bits reflected. */
  private static final int POLYNOMIAL = 0x82F63B78;

  /** x^(2^n) modulo the polynomial, by n. */
  private static final int[] POWERS = new int[67];

  static {
    POWERS[0] = 1 << 30;
    for (int n = 1; n < POWERS.length; n++) {
      POWERS[n] = multiply(POWERS[n - 1], POWERS[n - 1]);
    }
  }

  private Crc32c() {}

  /**
   * The CRC of buffers, in order; their positions stay.
   *
   * @param buffers the bytes
   * @return the CRC
   */
  public static int of(List<ByteBuffer> buffers) {
    CRC32C crc = new CRC32C();
    buffers.forEach(b -> crc.update(b.duplicate()));
    return (int) crc.getValue();
  }

  /**
   * The CRC of two pieces put together, as in zlib's crc32_combine: that of the first is multiplied
   * by x^(8 * length of the second).
   *
   * @param first CRC of the first piece
   * @param second CRC of the second piece
   * @param secondLength bytes of the second piece
   * @return the CRC of both
   */
  public static int combine(int first, int second, long secondLength) {
    int shifted = first;
    long bits = secondLength;
    for (int n = 3; bits != 0; n++, bits >>>= 1) {
      if ((bits & 1) != 0) {
        shifted = multiply(POWERS[n], shifted);
      }
    }
    return shifted ^ second;
  }

  /** Multiplies two polynomials modulo the polynomial, bits reflected. */
  private static int multiply(int a, int b) {
    int product = 0;
    int factor = b;
    for (int bit = 1 << 31; bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= factor;
      }
      factor = (factor & 1) != 0 ? factor >>> 1 ^ POLYNOMIAL : factor >>> 1;
    }
    return product;
  }
}
