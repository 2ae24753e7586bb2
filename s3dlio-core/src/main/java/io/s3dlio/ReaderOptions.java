package io.s3dlio;

/**
 * How to read an object through an {@link ObjectReader}.
 *
 * @param readAhead bytes that are asked for in front of the position while the object is read in
 *     order, 0 or more; 0 asks for nothing before it is wanted
 */
public record ReaderOptions(long readAhead) {

  /** Four parts of the default size ahead. */
  public static final ReaderOptions DEFAULT = new ReaderOptions(32L << 20);

  /** Checks the range. */
  public ReaderOptions {
    if (readAhead < 0) {
      throw new IllegalArgumentException("what is read ahead is 0 bytes or more: " + readAhead);
    }
  }

  /**
   * With another read-ahead.
   *
   * @param bytes that are asked for in front of the position
   * @return a copy
   */
  public ReaderOptions withReadAhead(long bytes) {
    return new ReaderOptions(bytes);
  }
}
