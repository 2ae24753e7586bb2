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
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
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

  /** What is answered, with a token if there is more. */
  private record Page(List<ListEntry> entries, boolean more, String next) {}

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
            .encodingType(EncodingType.URL) // XML cannot carry every key
            .continuationToken(token);
    options.delimiter().ifPresent(request::delimiter);
    options.startAfter().ifPresent(request::startAfter);
    CompletableFuture<Page> answer =
        connection.send(
            S3Call.of("list", "list", prefix, connection),
            (client, config) -> client.listObjectsV2(request.overrideConfiguration(config).build()),
            response ->
                new Page(
                    entries(response),
                    Boolean.TRUE.equals(response.isTruncated()),
                    response.nextContinuationToken()));
    return steps
        .step(answer)
        .thenCompose(
            page -> {
              if (page.more && (page.next == null || page.next.equals(token))) {
                return CompletableFuture.failedFuture(endless(connection));
              }
              ended = !page.more;
              token = page.next;
              return page.entries.isEmpty() && !ended
                  ? page(steps, place, connection)
                  : CompletableFuture.completedFuture(page.entries);
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

  /**
   * Objects and prefixes come in two lists, each in order. Throws a {@link RuntimeException} if the
   * page makes no sense.
   */
  private List<ListEntry> entries(ListObjectsV2Response response) {
    List<ListEntry> entries = new ArrayList<>();
    response
        .contents()
        .forEach(
            o ->
                entries.add(
                    ObjectMeta.listed(
                        uri(response, o.key()),
                        o.size() == null ? 0 : o.size(),
                        Answers.time(o.lastModified()),
                        Headers.etag(o.eTag()))));
    response
        .commonPrefixes()
        .forEach(p -> entries.add(new CommonPrefix(uri(response, p.prefix()))));
    if (!response.commonPrefixes().isEmpty()) {
      entries.sort(Comparator.comparing(ListEntry::uri));
    }
    return entries;
  }

  /** What is listed; some servers do not encode. */
  private ObjectUri uri(ListObjectsV2Response response, String text) {
    String key = Answers.present(text, "the name of an entry");
    String encoding = response.encodingTypeAsString();
    if (encoding == null || encoding.isEmpty()) {
      return prefix.withKey(key);
    }
    if (response.encodingType() != EncodingType.URL) {
      throw new IllegalArgumentException("keys are encoded in an unknown way: " + encoding);
    }
    return prefix.withKey(URLDecoder.decode(key, StandardCharsets.UTF_8));
  }
}
