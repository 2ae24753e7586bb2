package io.s3dlio;

/**
 * An object that is written part by part. Nothing of it is visible until {@link #complete}; closed
 * without that, or aborted, it leaves nothing behind.
 *
 * <p>All parts have the part size, but the last, which may be shorter. {@link #putPart} may be
 * called by several threads at once and in any order; the rest is for one thread, when no part is
 * under way.
 */
public interface MultipartUpload extends AutoCloseable {

  /**
   * The size of every part but the last: what was asked for, or the store's least where that is
   * more.
   *
   * @return bytes
   */
  long partSize();

  /**
   * Stores a part; one of the same number that was put before is replaced.
   *
   * @param number from 1; part {@code n} begins at byte {@code (n - 1) * partSize()}
   * @param part its bytes, at least 1 and at most {@link #partSize()}
   * @throws ObjectStoreException what went wrong; the upload can go on
   */
  void putPart(int number, ByteSource part) throws ObjectStoreException;

  /**
   * Makes the object of parts 1 to n. Without any part it is empty.
   *
   * @return what the store answers
   * @throws ObjectStoreException of kind INVALID if a part is missing or one that is not the last
   *     is short; else what went wrong. In either case there is no object
   */
  PutResult complete() throws ObjectStoreException;

  /**
   * Gives the upload up, unless it is complete: nothing of it is left in the store.
   *
   * @throws ObjectStoreException if that cannot be made sure
   */
  @Override
  void close() throws ObjectStoreException;
}
