package io.s3dlio.azure;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.http.Contents;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.Answer;
import io.s3dlio.rest.AnswerException;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Reply;
import io.s3dlio.rest.Steps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Deletes objects, up to 256 a request (<a
 * href="https://learn.microsoft.com/rest/api/storageservices/blob-batch">Blob Batch</a>), one
 * request after the other. Snapshots go with their blob.
 */
final class BlobDeletes {

  private static final int MAX_BATCH = 256;

  private final Connections connections;
  private final Map<ObjectUri, ObjectStoreException> failures = new LinkedHashMap<>();
  private final List<Batch> batches = new ArrayList<>();
  private int requestsFailed;

  /** Objects of one container that one request deletes. */
  private record Batch(Connection connection, String container, List<ObjectUri> uris) {}

  BlobDeletes(Connections connections) {
    this.connections = connections;
  }

  CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
    Map<List<Object>, Batch> filling = new LinkedHashMap<>();
    for (ObjectUri uri : uris) {
      try {
        Place place = Place.ofObject(uri);
        Connection connection = connections.to(place);
        List<Object> same = List.of(connection, place.container());
        Batch batch = filling.get(same);
        if (batch == null || batch.uris.size() == MAX_BATCH) {
          batch = new Batch(connection, place.container(), new ArrayList<>());
          batches.add(batch);
          filling.put(same, batch);
        }
        batch.uris.add(uri);
      } catch (IllegalArgumentException e) {
        failures.put(uri, new ObjectStoreException(Kind.INVALID, "delete", uri, e.getMessage(), e));
      }
    }
    return Steps.of(steps -> from(0, steps));
  }

  private CompletableFuture<Map<ObjectUri, ObjectStoreException>> from(
      int index, Steps<Map<ObjectUri, ObjectStoreException>> steps) {
    if (index == batches.size()) {
      return index > 0 && requestsFailed == index
          ? CompletableFuture.failedFuture(failures.values().iterator().next())
          : CompletableFuture.completedFuture(Map.copyOf(failures));
    }
    Batch batch = batches.get(index);
    return steps
        .step(batch.uris.size() == 1 ? one(batch, batch.uris.get(0)) : many(batch, steps))
        .handle(
            (nothing, error) -> {
              if (error != null) {
                requestFailed(batch, Steps.bare(error));
              }
              return null;
            })
        .thenCompose(nothing -> from(index + 1, steps));
  }

  private void requestFailed(Batch batch, Throwable error) {
    requestsFailed++;
    for (ObjectUri uri : batch.uris) {
      failures.put(
          uri,
          error instanceof ObjectStoreException e
              ? e
              : new ObjectStoreException(Kind.CANCELLED, "delete", uri, "given up", error));
    }
  }

  private static CompletableFuture<Void> one(Batch batch, ObjectUri uri) {
    return Steps.of(
        steps ->
            steps
                .step(
                    batch.connection.<Void>send(
                        batch.connection.call("delete", "delete", uri),
                        batch
                            .connection
                            .request("DELETE", Place.ofObject(uri).path())
                            .header("x-ms-delete-snapshots", "include"),
                        Reply.of(answer -> null)))
                .exceptionallyCompose(
                    e ->
                        AnswerException.hasCode(e, "BlobNotFound")
                            ? CompletableFuture.completedFuture(null)
                            : CompletableFuture.failedFuture(Steps.bare(e))));
  }

  /** Each object's request is authorized on its own, as if it were sent alone. */
  private CompletableFuture<Void> many(
      Batch batch, Steps<Map<ObjectUri, ObjectStoreException>> steps) {
    List<CompletableFuture<HttpRequest>> authorized =
        batch.uris.stream()
            .map(
                uri ->
                    batch
                        .connection
                        .account()
                        .request("DELETE", Place.ofObject(uri).path())
                        .header("x-ms-delete-snapshots", "include")
                        .build())
            .map(batch.connection.authorizer()::authorize)
            .toList();
    return CompletableFuture.allOf(authorized.toArray(new CompletableFuture<?>[0]))
        .thenCompose(
            nothing ->
                steps.step(send(batch, authorized.stream().map(CompletableFuture::join).toList())));
  }

  private CompletableFuture<Void> send(Batch batch, List<HttpRequest> requests) {
    String boundary = "batch_" + UUID.randomUUID();
    ObjectUri container = batch.uris.get(0).withKey("");
    Call call = batch.connection.call("deleteAll", "deleteAll", container);
    return batch.connection.send(
        call,
        batch
            .connection
            .request("POST", target(batch))
            .header("Content-Type", "multipart/mixed; boundary=" + boundary)
            .content(Contents.of(BatchBody.of(boundary, requests))),
        Reply.of(
            answer -> {
              take(call, batch, answer);
              return null;
            }));
  }

  /** A signature of the account is good for batches of the account. */
  private static String target(Batch batch) {
    return batch.connection.authorizer() instanceof SasToken sas && sas.isOfAccount()
        ? "/?comp=batch"
        : "/" + batch.container + "?restype=container&comp=batch";
  }

  private void take(Call call, Batch batch, Answer answer) {
    Map<Integer, AnswerException> said = BatchBody.read(answer);
    for (int i = 0; i < batch.uris.size(); i++) {
      ObjectUri uri = batch.uris.get(i);
      AnswerException one = said.get(i);
      if (one == null) {
        failures.put(
            uri,
            new ObjectStoreException(
                Kind.UNAVAILABLE,
                "delete",
                uri,
                call.where()
                    + " does not say what became of it: request or answer were damaged on the way;"
                    + " delete it again",
                null));
      } else if (one.status() >= 300 && !one.code().equals("BlobNotFound")) {
        failures.put(uri, AzureErrors.ofObject(call, uri, one));
      }
    }
  }
}
