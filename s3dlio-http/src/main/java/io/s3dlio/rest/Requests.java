package io.s3dlio.rest;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.util.concurrent.CompletableFuture;

/**
 * What makes requests; may refuse its arguments.
 *
 * @param <T> the result
 */
@FunctionalInterface
public interface Requests<T> {

  /**
   * Makes them.
   *
   * @return the result
   * @throws ObjectStoreException if they cannot be made
   */
  CompletableFuture<T> start() throws ObjectStoreException;

  /**
   * Starts requests; what is thrown on the way is in the future.
   *
   * @param operation for errors
   * @param uri for errors
   * @param requests may throw an {@link IllegalArgumentException}, which becomes kind INVALID
   * @return the result
   * @param <T> the result
   */
  static <T> CompletableFuture<T> valid(String operation, ObjectUri uri, Requests<T> requests) {
    try {
      return requests.start();
    } catch (ObjectStoreException e) {
      return CompletableFuture.failedFuture(e);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(
          new ObjectStoreException(Kind.INVALID, operation, uri, e.getMessage(), e));
    }
  }
}
