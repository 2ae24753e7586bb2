package io.s3dlio.testkit;

/** What a store does with the keys {@code a} and {@code a/b} side by side. */
public enum NestedKeys {
  /** Both are objects, both are listed. */
  LISTED,
  /** Both are objects; while {@code a} is there, listings do not show {@code a/b}. */
  HIDDEN,
  /** The second put fails with kind INVALID. */
  REFUSED,
  /** The second put fails; the server behind the backend does not say why. */
  MISTREATED
}
