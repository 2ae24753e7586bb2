package io.s3dlio.rest;

import io.s3dlio.http.HttpRequest;
import java.util.concurrent.CompletableFuture;

/** Says in a request who asks. Thread-safe; asked once an attempt. */
@FunctionalInterface
public interface Authorizer {

  /** Leaves requests as they are. */
  Authorizer ANONYMOUS = CompletableFuture::completedFuture;

  /**
   * Adds what is needed. Does not block.
   *
   * @param request as it is without
   * @return the request to send; fails with {@link NoCredentialsException} if there are none
   */
  CompletableFuture<HttpRequest> authorize(HttpRequest request);
}
