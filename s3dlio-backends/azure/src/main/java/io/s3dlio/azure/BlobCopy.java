package io.s3dlio.azure;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutResult;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.http.ResponseHead;
import io.s3dlio.rest.Headers;
import io.s3dlio.rest.Reply;
import io.s3dlio.rest.Steps;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A copy that Azure makes (<a
 * href="https://learn.microsoft.com/rest/api/storageservices/copy-blob">Copy Blob</a>): within an
 * account mostly done at once, else asked after until it is. Given up, it is aborted.
 */
final class BlobCopy {

  /** Between two looks, in milliseconds; doubled each time up to {@link #LONGEST_PAUSE}. */
  private static final long FIRST_PAUSE = 50;

  private static final long LONGEST_PAUSE = 2000;

  private final Connection connection;
  private final ObjectUri from;
  private final Place source;
  private final ObjectUri to;
  private final Place target;
  private final Steps<PutResult> steps;

  private BlobCopy(Connection connection, ObjectUri from, ObjectUri to, Steps<PutResult> steps) {
    this.connection = connection;
    this.from = from;
    this.source = Place.ofObject(from);
    this.to = to;
    this.target = Place.ofObject(to);
    this.steps = steps;
  }

  static CompletableFuture<PutResult> start(Connection connection, ObjectUri from, ObjectUri to) {
    return Steps.of(steps -> new BlobCopy(connection, from, to, steps).run());
  }

  /** How far it is. */
  private record State(Optional<String> id, String status, Optional<String> etag) {
    static State of(ResponseHead head) {
      return new State(
          head.header("x-ms-copy-id"),
          head.header("x-ms-copy-status").orElse("success"),
          Headers.etag(head.header("ETag").orElse(null)));
    }
  }

  private CompletableFuture<PutResult> run() {
    // Who asks has to be said of the source as well: its URL is authorized as if it were read.
    CompletableFuture<ObjectMeta> head = AzureBackend.head("copy", from, source, connection);
    return steps
        .step(head)
        .thenCompose(
            meta ->
                steps.step(
                    connection
                        .authorizer()
                        .authorize(connection.account().request("GET", source.path()).build())
                        .thenCompose(authorized -> begin(authorized, meta))))
        .thenCompose(state -> follow(state, FIRST_PAUSE));
  }

  private CompletableFuture<State> begin(HttpRequest authorized, ObjectMeta meta) {
    HttpRequest.Builder copy =
        connection
            .request("PUT", target.path())
            .header("x-ms-copy-source", authorized.server() + authorized.target());
    meta.etag().ifPresent(etag -> copy.header("x-ms-source-if-match", Headers.quoted(etag)));
    return connection
        .send(
            connection.call("copy", "copy", to), copy, Reply.of(answer -> State.of(answer.head())))
        .thenApply(
            state -> {
              if (steps.isDone()) { // given up while it began
                abort(state);
              }
              return state;
            });
  }

  private CompletableFuture<PutResult> follow(State state, long pause) {
    switch (state.status) {
      case "success":
        return CompletableFuture.completedFuture(new PutResult(state.etag));
      case "pending":
        break;
      default:
        return CompletableFuture.failedFuture(
            new ObjectStoreException(
                Kind.UNAVAILABLE,
                "copy",
                from,
                "%s did not copy it to %s (%s); copy it again"
                    .formatted(connection.account().describe(), to, state.status),
                null));
    }
    if (steps.isDone()) {
      abort(state);
      return CompletableFuture.failedFuture(new java.util.concurrent.CancellationException());
    }
    Executor later = CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS, Runnable::run);
    return CompletableFuture.supplyAsync(() -> look(), later)
        .thenCompose(looked -> looked)
        .thenCompose(next -> follow(next, Math.min(2 * pause, LONGEST_PAUSE)));
  }

  private CompletableFuture<State> look() {
    return connection.send(
        connection.call("copy", "head", to),
        connection.request("HEAD", target.path()),
        Reply.of(answer -> State.of(answer.head())));
  }

  /** Of no interest any more: what comes of it nobody hears. */
  private void abort(State state) {
    state
        .id
        .filter(id -> state.status.equals("pending"))
        .ifPresent(
            id ->
                connection.send(
                    connection.call("copy", "abortCopy", to),
                    connection
                        .request("PUT", target.path() + "?comp=copy&copyid=" + Headers.encoded(id))
                        .header("x-ms-copy-action", "abort"),
                    Reply.of(answer -> null)));
  }
}
