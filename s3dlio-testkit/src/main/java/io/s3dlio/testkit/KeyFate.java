package io.s3dlio.testkit;

/** What a store does with a key. */
public enum KeyFate {
  /** It is stored and listed literally. */
  LITERAL,
  /** No object can have it: put fails with kind INVALID. */
  REFUSED,
  /**
   * The server behind the backend changes it or breaks over it, and the backend cannot help that.
   * The contract asserts that this is so, to hear of it when the server has learned.
   */
  MISTREATED
}
