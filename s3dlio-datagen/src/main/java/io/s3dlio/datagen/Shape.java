package io.s3dlio.datagen;

/**
 * How the bytes of a data set are cut.
 *
 * <p>A unit is what is seeded on its own. It consists of pages, each of which is as compressible as
 * the data set. A page begins with its head, of random bytes; after the head, the last bytes of it
 * are repeated ({@link Tail}). The head is made of rows, the last one of which may be cut off.
 *
 * @param unit bytes in a unit
 * @param page bytes in a page
 * @param head bytes in a page's head
 */
record Shape(int unit, int page, int head) {

  /** The largest unit. */
  static final int MAX_UNIT = 32 << 10;

  /** The largest page. */
  static final int MAX_PAGE = 4 << 10;

  /** The tag and a word, of which most is repeated. */
  private static final int MIN_HEAD = 24;

  static Shape of(GeneratorSpec spec) {
    int unit = spec.dedup() > 1 ? Math.min(MAX_UNIT, spec.dedupBlock()) : MAX_UNIT;
    int page = Math.min(MAX_PAGE, spec.dedupBlock());
    return new Shape(unit, page, head(page, GeneratorSpec.millionths(spec.compression())));
  }

  /**
   * What is left of a page for random bytes: what the page may cost, less what compressors need to
   * say that the rest is repeated, and to code bytes that have no pattern. What is repeated has 8
   * bytes at least.
   */
  static int head(int page, long ratio) {
    long budget = page * GeneratorSpec.MILLION / ratio;
    long head = budget - Math.min(53, page / 150 + budget / 39);
    return ratio == GeneratorSpec.MILLION
        ? page
        : (int) Math.max(MIN_HEAD, Math.min(head, page - Long.BYTES));
  }

  /** Rows in a page. */
  int rows() {
    return (head + Kernel.ROW - 1) / Kernel.ROW;
  }

  /** Whether a page is its head and nothing else. */
  boolean isPlain() {
    return head == page;
  }
}
