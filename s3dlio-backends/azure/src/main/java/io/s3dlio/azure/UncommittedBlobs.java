package io.s3dlio.azure;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.http.Contents;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.AnswerException;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Headers;
import io.s3dlio.rest.Reply;
import io.s3dlio.rest.Steps;
import io.s3dlio.spi.UnfinishedWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * The blobs below a prefix that consist of blocks which were staged and never committed. Good for
 * one call. Blocks that were staged for a blob that is there are told by no listing.
 */
final class UncommittedBlobs {

  /** The CRC-32C of no bytes. */
  private static final Optional<Integer> EMPTY = Optional.of(0);

  private final ObjectUri prefix;
  private final Place place;
  private final Connection connection;

  /** What is listed without bytes: an uncommitted blob, or an empty one. */
  private final Set<String> names = new TreeSet<>();

  UncommittedBlobs(ObjectUri prefix, Place place, Connection connection) {
    this.prefix = prefix;
    this.place = place;
    this.connection = connection;
  }

  CompletableFuture<List<UnfinishedWrite>> find() {
    return Steps.of(
        steps ->
            from("", "&include=uncommittedblobs", steps)
                .thenCompose(
                    nothing ->
                        names.isEmpty()
                            ? CompletableFuture.completedFuture(null)
                            : from("", "", steps))
                .thenApply(
                    nothing -> {
                      List<UnfinishedWrite> found = new ArrayList<>();
                      for (String name : names) {
                        ObjectUri uri = prefix.withKey(name);
                        found.add(new UnfinishedWrite(uri, () -> discard(uri)));
                      }
                      return found;
                    }));
  }

  /** The first listing brings names, the second takes those away that are blobs. */
  private CompletableFuture<Void> from(String marker, String include, Steps<?> steps) {
    String target =
        "/%s?restype=container&comp=list%s&prefix=%s%s"
            .formatted(
                place.container(),
                include,
                Headers.encoded(place.blob()),
                marker.isEmpty() ? "" : "&marker=" + Headers.encoded(marker));
    return steps
        .step(
            connection.send(
                connection.call("unfinished", "list", prefix),
                connection.request("GET", target),
                Reply.of(answer -> AzureXml.page(answer.body()))))
        .thenCompose(
            page -> {
              for (AzureXml.Entry entry : page.entries()) {
                if (include.isEmpty()) {
                  names.remove(entry.name());
                } else if (entry.size() == 0) {
                  names.add(entry.name());
                }
              }
              String next = page.marker().orElse("");
              if (next.isEmpty()) {
                return CompletableFuture.completedFuture(null);
              }
              return next.equals(marker)
                  ? CompletableFuture.failedFuture(endless())
                  : from(next, include, steps);
            });
  }

  /**
   * Makes an empty blob of none of the blocks, which discards them, and deletes it. There is no
   * other way before the week is over.
   */
  private CompletableFuture<Void> discard(ObjectUri uri) {
    Place blob = Place.ofObject(uri);
    HttpRequest.Builder commit =
        connection
            .request("PUT", blob.path() + "?comp=blocklist")
            .header("Content-Type", "application/xml")
            .content(Contents.of(AzureXml.blockList(List.of())));
    BlobHeaders.stored(commit, PutOptions.DEFAULT, AzureKeys.AccessTier.DEFAULT, EMPTY);
    BlobHeaders.condition(commit, PutMode.CREATE);
    Call call = connection.call("abort", "discardBlocks", uri);
    CompletableFuture<PutResult> answer =
        connection.send(call, commit, Reply.of(BlobHeaders::written));
    return Steps.of(
        steps ->
            steps
                .step(
                    AzureBackend.settled(
                        answer, call, PutMode.CREATE, uri, blob, connection, EMPTY, 0))
                .thenCompose(empty -> steps.step(delete(uri, blob, empty)))
                .exceptionallyCompose(
                    e ->
                        isTaken(Steps.bare(e))
                            ? CompletableFuture.completedFuture(null)
                            : CompletableFuture.failedFuture(Steps.bare(e))));
  }

  private CompletableFuture<Void> delete(ObjectUri uri, Place blob, PutResult empty) {
    HttpRequest.Builder delete = connection.request("DELETE", blob.path());
    empty.etag().ifPresent(etag -> delete.header("If-Match", Headers.quoted(etag)));
    return connection.send(
        connection.call("abort", "deleteEmpty", uri), delete, Reply.of(answer -> null));
  }

  /** Whether somebody has committed the blob meanwhile, or deleted it: then no block is left. */
  private static boolean isTaken(Throwable error) {
    return AnswerException.hasCode(error, "BlobNotFound")
        || (error instanceof ObjectStoreException e
            && (e.kind() == Kind.ALREADY_EXISTS || e.kind() == Kind.PRECONDITION_FAILED));
  }

  private ObjectStoreException endless() {
    return new ObjectStoreException(
        Kind.UNSUPPORTED,
        "unfinished",
        prefix,
        connection.account().describe()
            + " says that there is more, but not where: the same marker again",
        null);
  }
}
