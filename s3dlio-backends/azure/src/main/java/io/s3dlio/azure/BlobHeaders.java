package io.s3dlio.azure;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.http.ResponseHead;
import io.s3dlio.rest.Answer;
import io.s3dlio.rest.Headers;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Between the headers of blobs and the store's vocabulary. */
final class BlobHeaders {

  private static final String METADATA = "x-ms-meta-";

  private static final String CRC32C = "s3dlio_crc32c";

  /** What Azure calls content of no known type. */
  private static final String BYTES = "application/octet-stream";

  private BlobHeaders() {}

  static ObjectMeta meta(ObjectUri uri, ResponseHead head, long size) {
    Map<String, String> kept = Headers.metadata(head, METADATA);
    Optional<Integer> crc = Optional.ofNullable(kept.remove(CRC32C)).flatMap(BlobHeaders::crc);
    Map<String, String> metadata = new TreeMap<>();
    kept.forEach((name, value) -> metadata.put(MetadataNames.decode(name), value));
    return new ObjectMeta(
        uri,
        size,
        Headers.lastModified(head),
        Headers.etag(head.header("ETag").orElse(null)),
        head.header("Content-Type"),
        metadata,
        crc);
  }

  /** What is not a checksum counts as if there were none. */
  private static Optional<Integer> crc(String hex) {
    return hex.matches("[0-9a-f]{8}")
        ? Optional.of(HexFormat.fromHexDigits(hex))
        : Optional.empty();
  }

  static PutResult written(Answer answer) {
    return new PutResult(Headers.etag(answer.head().header("ETag").orElse(null)));
  }

  /**
   * Refuses what cannot be kept.
   *
   * @throws IllegalArgumentException if it cannot
   */
  static void check(PutOptions options) {
    Headers.checked(options.userMetadata(), "cannot be sent to Azure");
    if (options.userMetadata().containsKey(CRC32C)) {
      throw new IllegalArgumentException(
          "user metadata: the name '" + CRC32C + "' is where the checksum is kept");
    }
  }

  /** Adds what is stored with a blob. */
  static void stored(
      HttpRequest.Builder request,
      PutOptions options,
      AzureKeys.AccessTier tier,
      Optional<Integer> crc) {
    request.header("x-ms-blob-content-type", options.contentType().orElse(BYTES));
    options
        .userMetadata()
        .forEach((name, value) -> request.header(METADATA + MetadataNames.encode(name), value));
    crc.ifPresent(c -> request.header(METADATA + CRC32C, HexFormat.of().toHexDigits(c)));
    if (tier != AzureKeys.AccessTier.DEFAULT) {
      String word = tier.name();
      request.header(
          "x-ms-access-tier",
          word.charAt(0) + word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
  }

  /** Adds the condition of a write. */
  static void condition(HttpRequest.Builder request, PutMode mode) {
    if (mode instanceof PutMode.Create) {
      request.header("If-None-Match", "*");
    } else if (mode instanceof PutMode.IfMatch m) {
      request.header("If-Match", Headers.quoted(m.etag()));
    }
  }
}
