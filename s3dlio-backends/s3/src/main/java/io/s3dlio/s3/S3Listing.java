package io.s3dlio.s3;

import io.s3dlio.CommonPrefix;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.rest.Headers;
import io.s3dlio.rest.Requests;
import io.s3dlio.rest.Steps;
import io.s3dlio.spi.ListCursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** A listing, a page a request. */
final class S3Listing implements ListCursor {

  private static final long MAX_PAGE = 1000;

  private final ObjectUri prefix;
  private final ListOptions options;
  private final Connections connections;
  private String token;
  private boolean ended;

  S3Listing(ObjectUri prefix, ListOptions options, Connections connections) {
    this.prefix = prefix;
    this.options = options;
    this.connections = connections;
  }

  @Override
  public CompletableFuture<List<ListEntry>> next() {
    return Requests.valid(
        "list",
        prefix,
        () -> {
          Place place = Place.ofBucket(prefix);
          Connection connection = connections.to(place);
          return Steps.of(steps -> page(steps, place, connection));
        });
  }

  private CompletableFuture<List<ListEntry>> page(
      Steps<List<ListEntry>> steps, Place place, Connection connection) {
    if (ended) {
      return CompletableFuture.completedFuture(List.of());
    }
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder()
            .bucket(place.bucket())
            .prefix(place.key())
            .maxKeys((int) Math.min(MAX_PAGE, options.limit()))
            .encodingType(EncodingType.URL) // XML cannot carry every key; the SDK decodes
            .continuationToken(token);
    options.delimiter().ifPresent(request::delimiter);
    options.startAfter().ifPresent(request::startAfter);
    CompletableFuture<ListObjectsV2Response> answer =
        connection.send(
            S3Call.of("list", "list", prefix, connection),
            (client, config) -> client.listObjectsV2(request.overrideConfiguration(config).build()),
            response -> response);
    return steps
        .step(answer)
        .thenCompose(
            response -> {
              List<ListEntry> entries = entries(response);
              if (!Boolean.TRUE.equals(response.isTruncated())) {
                ended = true;
              } else if (response.nextContinuationToken() == null
                  || response.nextContinuationToken().equals(token)) {
                return CompletableFuture.failedFuture(endless(connection));
              }
              token = response.nextContinuationToken();
              return entries.isEmpty() && !ended
                  ? page(steps, place, connection)
                  : CompletableFuture.completedFuture(entries);
            });
  }

  private ObjectStoreException endless(Connection connection) {
    return new ObjectStoreException(
        Kind.UNSUPPORTED,
        "list",
        prefix,
        connection.endpoint().describe()
            + " says that there is more, but not where: the same continuation token again",
        null);
  }

  /** Objects and prefixes come in two lists, each in order. */
  private List<ListEntry> entries(ListObjectsV2Response response) {
    List<ListEntry> entries = new ArrayList<>();
    response
        .contents()
        .forEach(
            o ->
                entries.add(
                    ObjectMeta.listed(
                        prefix.withKey(o.key()),
                        o.size() == null ? 0 : o.size(),
                        Answers.time(o.lastModified()),
                        Headers.etag(o.eTag()))));
    response
        .commonPrefixes()
        .forEach(p -> entries.add(new CommonPrefix(prefix.withKey(p.prefix()))));
    if (!response.commonPrefixes().isEmpty()) {
      entries.sort(Comparator.comparing(ListEntry::uri));
    }
    return entries;
  }
}
