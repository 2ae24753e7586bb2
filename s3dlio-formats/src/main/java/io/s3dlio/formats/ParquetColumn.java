package io.s3dlio.formats;

/**
 * A column of 32-bit floats in a {@link ParquetFile}.
 *
 * @param name 1 to 1,000 characters, well-formed Unicode without a NUL
 * @param floats how many each row has: 1 makes a column of numbers, 2 to 268,435,456 a column of
 *     lists that are all of that length, as embeddings are
 */
public record ParquetColumn(String name, int floats) {

  private static final int MAX_FLOATS = 1 << 28;

  /**
   * A column.
   *
   * @throws IllegalArgumentException if the name or the number is out of range
   */
  public ParquetColumn {
    LaidOutFile.checkName("a column", name);
    if (floats < 1 || floats > MAX_FLOATS) {
      throw new IllegalArgumentException(
          "column %s of %,d floats a row: must be 1 to %,d".formatted(name, floats, MAX_FLOATS));
    }
  }

  long rowBytes() {
    return (long) floats * Float.BYTES;
  }

  boolean isList() {
    return floats > 1;
  }
}
