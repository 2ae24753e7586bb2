package io.s3dlio.azure;

import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.Authorizer;
import java.util.concurrent.CompletableFuture;

/** Adds a shared access signature to the query of each request. */
final class SasToken implements Authorizer {

  private final String query;

  /**
   * Takes a signature.
   *
   * @param token with or without the question mark in front
   * @throws IllegalArgumentException if it is none; the message does not show it
   */
  SasToken(String token) {
    this.query = token.startsWith("?") ? token.substring(1) : token;
    if (!("&" + query).contains("&sig=") || !query.matches("[\\x21-\\x7e]+")) {
      throw new IllegalArgumentException(
          "the shared access signature (az.sas-token, SharedAccessSignature or"
              + " AZURE_STORAGE_SAS_TOKEN) has no sig=; copy the whole query");
    }
  }

  /** Whether it is of the account, not of a container or a blob. */
  boolean isOfAccount() {
    return ("&" + query).contains("&ss=");
  }

  @Override
  public CompletableFuture<HttpRequest> authorize(HttpRequest request) {
    String target = request.target();
    return CompletableFuture.completedFuture(
        request.toBuilder().target(target + (target.indexOf('?') < 0 ? "?" : "&") + query).build());
  }
}
