package io.s3dlio.gcs;

import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.rest.Steps;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.spi.UnfinishedWrite;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The uploads below a prefix whose parts are there. Good for one call. */
final class UnfinishedUploads {

  private final ObjectUri prefix;
  private final Connection connection;
  private final int most;
  private final ListCursor listing;
  private final Map<PartNames, List<ObjectUri>> found = new LinkedHashMap<>();

  /**
   * For one call.
   *
   * @param most parts to delete at a time
   * @param pageSize parts that a page lists
   */
  UnfinishedUploads(ObjectUri prefix, Connection connection, int most, long pageSize) {
    this.prefix = prefix;
    this.connection = connection;
    this.most = most;
    this.listing =
        new GcsListing(
            prefix.withKey(PartNames.PARTS + prefix.key()),
            ListOptions.ALL.withLimit(pageSize),
            connection);
  }

  CompletableFuture<List<UnfinishedWrite>> find() {
    return Steps.of(
        steps ->
            pages(steps)
                .exceptionallyCompose(e -> CompletableFuture.failedFuture(unknown(Steps.bare(e))))
                .thenApply(
                    nothing -> {
                      List<UnfinishedWrite> all = new ArrayList<>();
                      found.forEach(
                          (names, parts) -> {
                            ObjectUri uri = prefix.withKey(names.key());
                            all.add(new UnfinishedWrite(uri, () -> delete(uri, parts)));
                          });
                      return all;
                    }));
  }

  private CompletableFuture<Void> pages(Steps<?> steps) {
    return steps
        .step(listing.next())
        .thenCompose(
            page -> {
              for (ListEntry part : page) {
                PartNames.parse(part.uri().key())
                    .filter(names -> names.key().startsWith(prefix.key()))
                    .ifPresent(
                        names ->
                            found
                                .computeIfAbsent(names, first -> new ArrayList<>())
                                .add(part.uri()));
              }
              return page.isEmpty() ? CompletableFuture.completedFuture(null) : pages(steps);
            });
  }

  /** The caller has asked about another place. */
  private Throwable unknown(Throwable why) {
    return why instanceof ObjectStoreException e
        ? ObjectStoreException.of(
            e.kind(), "unfinished", prefix, "parts could not be listed: " + e.getMessage(), e)
        : why;
  }

  private CompletableFuture<Void> delete(ObjectUri uri, List<ObjectUri> parts) {
    return Steps.of(
        steps ->
            steps
                .step(new GcsDeletes(connection, most).deleteAll(parts))
                .thenCompose(
                    failures ->
                        failures.isEmpty()
                            ? CompletableFuture.completedFuture(null)
                            : CompletableFuture.failedFuture(
                                left(uri, failures.values().iterator().next()))));
  }

  private static ObjectStoreException left(ObjectUri uri, ObjectStoreException why) {
    return ObjectStoreException.of(
        why.kind(), "abort", uri, "parts of an upload could not be deleted; do it again", why);
  }
}
