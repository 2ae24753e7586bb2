package io.s3dlio.azure;

import io.s3dlio.ObjectUri;
import io.s3dlio.http.Contents;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.Answer;
import io.s3dlio.rest.AnswerException;
import io.s3dlio.rest.BatchDeletes;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Reply;
import io.s3dlio.rest.Steps;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Deletes objects, up to 256 a request (<a
 * href="https://learn.microsoft.com/rest/api/storageservices/blob-batch">Blob Batch</a>). Snapshots
 * go with their blob.
 */
final class BlobDeletes extends BatchDeletes<BlobDeletes.Container> {

  private static final int MAX_BATCH = 256;

  private final Connections connections;

  /** Whose objects a request can delete. */
  record Container(Connection connection, String name) {}

  BlobDeletes(Connections connections) {
    super(MAX_BATCH);
    this.connections = connections;
  }

  @Override
  protected Container bucket(ObjectUri uri) {
    Place place = Place.ofObject(uri);
    return new Container(connections.to(place), place.container());
  }

  @Override
  protected CompletableFuture<Void> one(Container container, ObjectUri uri) {
    return Steps.of(
        steps ->
            steps
                .step(
                    container.connection.<Void>send(
                        container.connection.call("delete", "delete", uri),
                        container
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
  @Override
  protected CompletableFuture<Void> many(Container container, List<ObjectUri> uris) {
    List<CompletableFuture<HttpRequest>> authorized =
        uris.stream()
            .map(
                uri ->
                    container
                        .connection
                        .account()
                        .request("DELETE", Place.ofObject(uri).path())
                        .header("x-ms-delete-snapshots", "include")
                        .build())
            .map(container.connection.authorizer()::authorize)
            .toList();
    return Steps.of(
        steps ->
            CompletableFuture.allOf(authorized.toArray(new CompletableFuture<?>[0]))
                .thenCompose(
                    nothing ->
                        steps.step(
                            send(
                                container,
                                uris,
                                authorized.stream().map(CompletableFuture::join).toList()))));
  }

  private CompletableFuture<Void> send(
      Container container, List<ObjectUri> uris, List<HttpRequest> requests) {
    String boundary = "batch_" + UUID.randomUUID();
    ObjectUri place = uris.get(0).withKey("");
    Call call = container.connection.call("deleteAll", "deleteAll", place);
    return container.connection.send(
        call,
        container
            .connection
            .request("POST", target(container))
            .header("Content-Type", "multipart/mixed; boundary=" + boundary)
            .content(Contents.of(BatchBody.of(boundary, requests))),
        Reply.of(
            answer -> {
              take(call, uris, answer);
              return null;
            }));
  }

  /** A signature of the account is good for batches of the account. */
  private static String target(Container container) {
    return container.connection.authorizer() instanceof SasToken sas && sas.isOfAccount()
        ? "/?comp=batch"
        : "/" + container.name + "?restype=container&comp=batch";
  }

  private void take(Call call, List<ObjectUri> uris, Answer answer) {
    Map<Integer, AnswerException> said = BatchBody.read(answer);
    for (int i = 0; i < uris.size(); i++) {
      ObjectUri uri = uris.get(i);
      AnswerException one = said.get(i);
      if (one == null) {
        unanswered(call, uri);
      } else if (one.status() >= 300 && !one.code().equals("BlobNotFound")) {
        failed(uri, AzureErrors.ofObject(call, uri, one));
      }
    }
  }
}
