package io.s3dlio.gcs;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.rest.AnswerException;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Failures;
import io.s3dlio.rest.Reply;
import io.s3dlio.rest.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Deletes objects, one a request, several at a time. */
final class GcsDeletes {

  private final Connection connection;
  private final int most;
  private final Map<ObjectUri, ObjectStoreException> failures = new ConcurrentHashMap<>();

  /** By bucket: whether it is there, asked once an object was not. */
  private final Map<String, CompletableFuture<Void>> buckets = new ConcurrentHashMap<>();

  GcsDeletes(Connection connection, int most) {
    this.connection = connection;
    this.most = most;
  }

  /** Gives those that may still be there, and why. */
  CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
    List<ObjectUri> valid = new ArrayList<>(uris.size());
    for (ObjectUri uri : uris) {
      try {
        Place.ofObject(uri);
        valid.add(uri);
      } catch (IllegalArgumentException e) {
        failures.put(uri, new ObjectStoreException(Kind.INVALID, "delete", uri, e.getMessage(), e));
      }
    }
    return Steps.of(
        steps ->
            Parallel.map(valid, most, uri -> noting(uri, steps), steps)
                .thenApply(nothing -> Map.copyOf(failures)));
  }

  private CompletableFuture<Void> noting(
      ObjectUri uri, Steps<Map<ObjectUri, ObjectStoreException>> steps) {
    return delete(uri, steps)
        .handle(
            (nothing, error) -> {
              if (error != null) {
                Throwable why = Steps.bare(error);
                failures.put(
                    uri,
                    why instanceof ObjectStoreException e
                        ? e
                        : new ObjectStoreException(Kind.CANCELLED, "delete", uri, "given up", why));
              }
              return null;
            });
  }

  private CompletableFuture<Void> delete(
      ObjectUri uri, Steps<Map<ObjectUri, ObjectStoreException>> steps) {
    return steps
        .step(one(connection.call("delete", "delete", uri), Place.ofObject(uri), connection))
        .exceptionallyCompose(
            error ->
                Failures.cause(error, AnswerException.class)
                    .filter(answer -> answer.status() == 404)
                    .map(answer -> absent(uri, answer, steps))
                    .orElseGet(() -> CompletableFuture.failedFuture(Steps.bare(error))));
  }

  /** Deletes an object; fails if it is not there. */
  static CompletableFuture<Void> one(Call call, Place place, Connection connection) {
    return connection.send(
        call, connection.request("DELETE", Target.object(place)), Reply.of(answer -> null));
  }

  /** An object that is not there is as good as deleted, if only its bucket is there. */
  private CompletableFuture<Void> absent(
      ObjectUri uri, AnswerException answer, Steps<Map<ObjectUri, ObjectStoreException>> steps) {
    if (answer.said().startsWith("No such object")) { // so says the service
      return CompletableFuture.completedFuture(null);
    }
    return buckets
        .computeIfAbsent(uri.bucket(), bucket -> steps.step(look(uri)))
        .exceptionallyCompose(
            error -> {
              ObjectStoreException why =
                  Failures.cause(error, ObjectStoreException.class).orElse(null);
              // Who may delete and not look is left with what is most likely.
              return why != null && why.kind() == Kind.PERMISSION_DENIED
                  ? CompletableFuture.completedFuture(null)
                  : CompletableFuture.failedFuture(
                      why == null
                          ? Steps.bare(error)
                          : ObjectStoreException.of(
                              why.kind(),
                              "delete",
                              uri,
                              "the object is not there, and neither is its bucket: "
                                  + connection.where(),
                              why));
            });
  }

  /** Asks for as little as there is, with the right that everybody has who may list. */
  private CompletableFuture<Void> look(ObjectUri uri) {
    Target target =
        Target.objects(uri.bucket()).with("maxResults", "1").with("fields", "nextPageToken");
    return connection.send(
        connection.call("delete", "list", uri.withKey("")),
        connection.request("GET", target),
        Reply.of(answer -> null));
  }
}
