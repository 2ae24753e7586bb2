package io.s3dlio.s3;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.rest.Steps;
import io.s3dlio.spi.UnfinishedWrite;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;

/**
 * The multipart uploads below a prefix that were neither completed nor aborted. Good for one call.
 *
 * <p>MinIO takes a prefix for the key of one object. Asked without one, it tells those of the whole
 * bucket that this server was asked to begin since it was started: so there both are asked for.
 */
final class UnfinishedUploads {

  private final ObjectUri prefix;
  private final Place place;
  private final Connection connection;
  private final int pageSize;

  /** By key and id. */
  private final Map<List<String>, UnfinishedWrite> found = new LinkedHashMap<>();

  /**
   * A page.
   *
   * @param uploads of objects below the prefix
   * @param more whether another follows
   * @param key where it begins
   * @param id where it begins
   * @param minio whether MinIO answers
   */
  private record Page(List<Upload> uploads, boolean more, String key, String id, boolean minio) {}

  UnfinishedUploads(ObjectUri prefix, Place place, Connection connection, int pageSize) {
    this.prefix = prefix;
    this.place = place;
    this.connection = connection;
    this.pageSize = pageSize;
  }

  CompletableFuture<List<UnfinishedWrite>> find() {
    return Steps.of(steps -> from(place.key(), null, null, steps));
  }

  private CompletableFuture<List<UnfinishedWrite>> from(
      String of, String keyMarker, String idMarker, Steps<List<UnfinishedWrite>> steps) {
    ListMultipartUploadsRequest.Builder request =
        ListMultipartUploadsRequest.builder()
            .bucket(place.bucket())
            .prefix(of)
            .maxUploads(pageSize)
            .encodingType(EncodingType.URL) // XML cannot carry every key
            .keyMarker(keyMarker)
            .uploadIdMarker(idMarker);
    return steps
        .step(
            connection.send(
                S3Call.of("unfinished", "listUploads", prefix, connection),
                (client, config) ->
                    client.listMultipartUploads(request.overrideConfiguration(config).build()),
                this::page))
        .thenCompose(
            page -> {
              page.uploads.forEach(this::add);
              if (page.more) {
                return page.key == null || (page.key.equals(keyMarker) && page.id.equals(idMarker))
                    ? CompletableFuture.failedFuture(endless())
                    : from(of, page.key, page.id, steps);
              }
              return page.minio && !of.isEmpty()
                  ? from("", null, null, steps)
                  : CompletableFuture.completedFuture(new ArrayList<>(found.values()));
            });
  }

  private void add(Upload upload) {
    found.put(
        List.of(upload.place().key(), upload.id()),
        new UnfinishedWrite(upload.uri(), upload::abort));
  }

  /** Throws a {@link RuntimeException} if the page makes no sense. */
  private Page page(ListMultipartUploadsResponse response) {
    List<Upload> uploads =
        response.uploads().stream()
            .map(
                one -> {
                  ObjectUri uri = prefix.withKey(decoded(response, one.key()));
                  return new Upload(
                      "abort", uri, Place.ofObject(uri), connection, Upload.id(one.uploadId()));
                })
            .filter(upload -> upload.place().key().startsWith(place.key()))
            .toList();
    boolean more = Boolean.TRUE.equals(response.isTruncated());
    return new Page(
        uploads,
        more,
        more ? decoded(response, response.nextKeyMarker()) : null,
        more ? Answers.present(response.nextUploadIdMarker(), "where the next page begins") : null,
        response
            .sdkHttpResponse()
            .firstMatchingHeader("Server")
            .filter("MinIO"::equals)
            .isPresent());
  }

  /** A key; some servers do not encode. */
  private static String decoded(ListMultipartUploadsResponse response, String orNull) {
    String key = Answers.present(orNull, "the key of an upload");
    return response.encodingType() == EncodingType.URL
        ? URLDecoder.decode(key, StandardCharsets.UTF_8)
        : key;
  }

  private ObjectStoreException endless() {
    return new ObjectStoreException(
        Kind.UNSUPPORTED,
        "unfinished",
        prefix,
        connection.endpoint().describe()
            + " says that there are more uploads, but not where: the same page again",
        null);
  }
}
