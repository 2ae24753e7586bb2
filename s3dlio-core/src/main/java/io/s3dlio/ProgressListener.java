package io.s3dlio;

/**
 * Hears how far a transfer is. Called from the threads that move the bytes, several at once: an
 * implementation is thread-safe and quick, and must not throw.
 */
@FunctionalInterface
public interface ProgressListener {

  /** Hears nothing. */
  ProgressListener NONE = bytes -> {};

  /**
   * More bytes have arrived or have been taken by the store.
   *
   * @param bytes how many since the last call; negative when a request is repeated and its bytes
   *     count again
   */
  void transferred(long bytes);
}
