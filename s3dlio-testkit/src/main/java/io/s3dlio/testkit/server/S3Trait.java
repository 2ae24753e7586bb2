package io.s3dlio.testkit.server;

/**
 * What one server for the S3 protocol does and another does not. A test states both: what holds
 * where the trait is there, and what holds where it is not. Each one was found by trying, and the
 * test kit's own tests try it again on every run.
 */
public enum S3Trait {
  /**
   * Keeps the CRC-32C that came with an object and returns it on GET and HEAD of the whole object.
   */
  RETURNS_CHECKSUMS,

  /** Lists keys in the order of their UTF-8 bytes; without it, in the order of UTF-16 units. */
  LISTS_IN_UTF8_ORDER,

  /**
   * Of several conditional writes at once ({@code If-Match}) exactly one wins; without it, some do.
   */
  SWAPS_ATOMICALLY,

  /** Obeys {@code If-Match} on DELETE; without it, deletes whatever is there. */
  DELETES_CONDITIONALLY,

  /** Lists unfinished multipart uploads by any prefix; without it, only by the whole key. */
  FINDS_UPLOADS_BY_PREFIX,

  /** Refuses {@code a//b}; without it, stores it as {@code a/b}, silently. */
  REFUSES_EMPTY_SEGMENTS,

  /** Refuses {@code /a}; without it, stores it as {@code a}, silently. */
  REFUSES_LEADING_SLASH,

  /**
   * Refuses {@code a/./b} and {@code a/../b}; without it, takes them as a file system does,
   * silently.
   */
  REFUSES_DOT_SEGMENTS,

  /** Refuses a segment of more than 255 bytes between two slashes. */
  REFUSES_LONG_SEGMENTS,

  /** {@code a} and {@code a/} are two objects; without it, one. */
  TELLS_TRAILING_SLASH_APART,

  /**
   * Takes {@code a/b} while there is an {@code a}, though it does not list {@code a/b} before
   * {@code a} is gone; without it, refuses the second of the two with an internal error.
   */
  STORES_BELOW_AN_OBJECT
}
