package io.s3dlio.spi;

import io.s3dlio.PutResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A multipart upload of a backend. All parts have the part size it was started with, but the last,
 * which may be shorter; so part {@code n} begins at {@code (n - 1) * partSize}. Parts may be put in
 * any order and at the same time, and again. Nothing of the object is visible until {@link
 * #complete}. Futures fail with {@link io.s3dlio.ObjectStoreException}.
 */
public interface PartUpload {

  /**
   * Stores a part.
   *
   * @param number from 1
   * @param part its bytes
   * @return done when the store has them
   */
  CompletableFuture<Void> putPart(int number, Payload part);

  /**
   * Makes the object of its parts, under the conditions that the upload was started with.
   *
   * @param parts how many, 1 or more; parts 1 to {@code parts} have been put
   * @param size bytes of the object
   * @param crc32c the CRC-32C of the whole object, where the backend keeps checksums
   * @return what the store answers
   */
  CompletableFuture<PutResult> complete(int parts, long size, Optional<Integer> crc32c);

  /**
   * Removes all that the upload has left in the store. Called when no other request of this upload
   * is under way.
   *
   * @return done when it is gone
   */
  CompletableFuture<Void> abort();
}
