package io.s3dlio.rest;

import io.s3dlio.http.Hosts;
import io.s3dlio.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Bearer tokens (RFC 6750): fetched when first needed, kept, and fetched anew before they end, on a
 * thread of their own. Thread-safe. A token is never sent but over TLS or to this machine.
 */
public final class Tokens implements Authorizer {

  /** How long before its end a token is not used any more. */
  private static final Duration MARGIN = Duration.ofMinutes(2);

  private final String name;
  private final Callable<Token> source;
  private CompletableFuture<Token> current;

  /**
   * A token.
   *
   * @param value the secret itself
   * @param expires when it ends
   */
  public record Token(String value, Instant expires) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Token[expires=" + expires + "]";
    }
  }

  /**
   * Fetches nothing yet.
   *
   * @param store for the name of a thread, such as {@code gs}
   * @param source fetches one; may block; throws {@link NoCredentialsException} if there is none
   */
  public Tokens(String store, Callable<Token> source) {
    this.name = "s3dlio-" + store + "-token";
    this.source = source;
  }

  @Override
  public CompletableFuture<HttpRequest> authorize(HttpRequest request) {
    if (!request.tls() && !Hosts.isLoopback(request.host())) {
      return CompletableFuture.failedFuture(
          new NoCredentialsException(
              "a token is not sent to "
                  + request.server()
                  + ", where others could read it; use https",
              null));
    }
    return token()
        .thenApply(
            token -> request.toBuilder().header("Authorization", "Bearer " + token.value).build());
  }

  private synchronized CompletableFuture<Token> token() {
    if (current == null || isOver(current)) {
      CompletableFuture<Token> next = new CompletableFuture<>();
      current = next;
      Thread thread = new Thread(() -> fetch(next), name);
      thread.setDaemon(true);
      thread.start();
    }
    return current;
  }

  private static boolean isOver(CompletableFuture<Token> future) {
    if (!future.isDone()) {
      return false;
    }
    return future.isCompletedExceptionally()
        || Instant.now().isAfter(future.join().expires.minus(MARGIN));
  }

  private void fetch(CompletableFuture<Token> next) {
    try {
      next.complete(source.call());
    } catch (LinkageError e) {
      next.completeExceptionally(
          new NoCredentialsException(
              "the library that finds credentials cannot be used: "
                  + e
                  + "; check that all it depends on is on the class path",
              e));
    } catch (Exception e) {
      next.completeExceptionally(e);
    }
  }
}
