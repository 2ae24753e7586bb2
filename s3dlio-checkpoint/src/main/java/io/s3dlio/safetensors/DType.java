package io.s3dlio.safetensors;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the elements of a tensor are, by the names of <a
 * href="https://github.com/huggingface/safetensors">safetensors</a>. All are little-endian.
 */
public enum DType {
  /** A truth value, a byte each. */
  BOOL(8),
  /** Float of 4 bits, two in a byte. */
  F4(4),
  /** Float of 6 bits, 2 of them exponent. */
  F6_E2M3(6),
  /** Float of 6 bits, 3 of them exponent. */
  F6_E3M2(6),
  /** Unsigned integer. */
  U8(8),
  /** Signed integer. */
  I8(8),
  /** Float of 8 bits, 5 of them exponent. */
  F8_E5M2(8),
  /** Float of 8 bits, 4 of them exponent. */
  F8_E4M3(8),
  /** A power of two. */
  F8_E8M0(8),
  /** Float of 8 bits, 4 of them exponent, without infinities and negative zero. */
  F8_E4M3FNUZ(8),
  /** Float of 8 bits, 5 of them exponent, without infinities and negative zero. */
  F8_E5M2FNUZ(8),
  /** Signed integer. */
  I16(16),
  /** Unsigned integer. */
  U16(16),
  /** IEEE 754 half. */
  F16(16),
  /** The upper half of an IEEE 754 float. */
  BF16(16),
  /** Signed integer. */
  I32(32),
  /** Unsigned integer. */
  U32(32),
  /** IEEE 754 float. */
  F32(32),
  /** Complex number of two floats. */
  C64(64),
  /** IEEE 754 double. */
  F64(64),
  /** Signed integer. */
  I64(64),
  /** Unsigned integer. */
  U64(64);

  private static final Map<String, DType> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(DType::name, Function.identity()));

  private final int bits;

  DType(int bits) {
    this.bits = bits;
  }

  /**
   * The size of an element.
   *
   * @return bits, from 4 to 64
   */
  public int bits() {
    return bits;
  }

  /**
   * Of what number of bytes the place of an element is a multiple.
   *
   * @return the size of an element: 1, 2, 4 or 8; 1 if elements are parts of bytes
   */
  public int alignment() {
    return bits % 8 == 0 ? bits / 8 : 1;
  }

  static Optional<DType> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /**
   * The size of a tensor.
   *
   * @param shape its dimensions, as {@link #bytes(List)} takes them
   * @return bytes
   * @throws IllegalArgumentException as {@link #bytes(List)}
   */
  public long bytes(long... shape) {
    return bytes(Arrays.stream(shape).boxed().toList());
  }

  /**
   * The size of a tensor.
   *
   * @param shape its dimensions, each 0 or more; none for a single element
   * @return bytes
   * @throws IllegalArgumentException if a dimension is negative; if the bits of the dimensions that
   *     are not 0 are more than 2^63 - 1; or if it ends within a byte
   */
  public long bytes(List<Long> shape) {
    long size = bits;
    boolean empty = false;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException("a dimension is 0 or more: " + dimension);
      }
      empty |= dimension == 0;
      try {
        size = Math.multiplyExact(size, Math.max(dimension, 1));
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "a tensor of " + name() + " " + shape + " is too large", e);
      }
    }
    if (empty) {
      return 0;
    }
    if (size % 8 != 0) {
      throw new IllegalArgumentException(
          "a tensor of " + name() + " " + shape + " ends within a byte");
    }
    return size / 8;
  }
}
