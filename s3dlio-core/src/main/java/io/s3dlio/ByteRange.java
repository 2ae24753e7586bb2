package io.s3dlio;

import java.util.Optional;

/** Which bytes of an object are meant. All numbers are bytes. */
public sealed interface ByteRange {

  /** All bytes, also of an empty object. */
  ByteRange WHOLE = new Whole();

  /**
   * The bytes {@code [offset, offset + length)}, or as many of them as the object has.
   *
   * @param offset where it begins, 0 or more
   * @param length how many bytes, 1 or more
   * @return the range
   */
  static Bounded of(long offset, long length) {
    return new Bounded(offset, length);
  }

  /**
   * The bytes from an offset to the end.
   *
   * @param offset where it begins, 0 or more
   * @return the range
   */
  static From from(long offset) {
    return new From(offset);
  }

  /**
   * The last bytes, or all if the object has fewer.
   *
   * @param length how many, 1 or more
   * @return the range
   */
  static Suffix suffix(long length) {
    return new Suffix(length);
  }

  /**
   * What this range means for an object of a given size.
   *
   * @param size the object's size in bytes
   * @return the bytes selected; empty if there are none, which a store answers with an error of
   *     kind {@link ObjectStoreException.Kind#RANGE_NOT_SATISFIABLE}, as in RFC 9110, section
   *     14.1.2
   */
  Optional<Span> resolve(long size);

  /**
   * A range with both ends known.
   *
   * @param offset where it begins, in bytes, 0 or more
   * @param length how many bytes, 0 or more
   */
  record Span(long offset, long length) {}

  /** All bytes. */
  record Whole() implements ByteRange {
    @Override
    public Optional<Span> resolve(long size) {
      return Optional.of(new Span(0, size));
    }
  }

  /**
   * {@code [offset, offset + length)}.
   *
   * @param offset where it begins, in bytes, 0 or more
   * @param length how many bytes, 1 or more
   */
  record Bounded(long offset, long length) implements ByteRange {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range or the sum overflows
     */
    public Bounded {
      if (offset < 0 || length < 1 || offset + length < 0) {
        throw new IllegalArgumentException(
            "a byte range needs an offset of 0 or more and a length of 1 or more: "
                + offset
                + ":"
                + length);
      }
    }

    @Override
    public Optional<Span> resolve(long size) {
      return offset >= size
          ? Optional.empty()
          : Optional.of(new Span(offset, Math.min(length, size - offset)));
    }
  }

  /**
   * From an offset to the end.
   *
   * @param offset where it begins, in bytes, 0 or more
   */
  record From(long offset) implements ByteRange {
    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public From {
      if (offset < 0) {
        throw new IllegalArgumentException("a byte range needs an offset of 0 or more: " + offset);
      }
    }

    @Override
    public Optional<Span> resolve(long size) {
      return offset >= size ? Optional.empty() : Optional.of(new Span(offset, size - offset));
    }
  }

  /**
   * The last bytes.
   *
   * @param length how many, 1 or more
   */
  record Suffix(long length) implements ByteRange {
    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Suffix {
      if (length < 1) {
        throw new IllegalArgumentException("a suffix needs a length of 1 or more: " + length);
      }
    }

    @Override
    public Optional<Span> resolve(long size) {
      long n = Math.min(length, size);
      return n == 0 ? Optional.empty() : Optional.of(new Span(size - n, n));
    }
  }
}
