package io.s3dlio.s3;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutResult;
import io.s3dlio.rest.Crc32c;
import io.s3dlio.rest.Headers;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** From what S3 answers to the store's vocabulary, and back. */
final class Answers {

  private Answers() {}

  /** What no answer is without; throws if one is. */
  static <T> T present(T orNull, String what) {
    if (orNull == null) {
      throw new NoSuchElementException(what + " is missing");
    }
    return orNull;
  }

  static ObjectMeta meta(ObjectUri uri, HeadObjectResponse r) {
    return new ObjectMeta(
        uri,
        r.contentLength() == null ? 0 : r.contentLength(),
        time(r.lastModified()),
        Headers.etag(r.eTag()),
        Optional.ofNullable(r.contentType()),
        lowerCase(r.metadata()),
        crc32c(r.checksumCRC32C(), r.checksumType()),
        Optional.ofNullable(r.versionId()),
        storageClass(r.storageClassAsString()));
  }

  static ObjectMeta meta(ObjectUri uri, GetObjectResponse r, long size, boolean whole) {
    return new ObjectMeta(
        uri,
        size,
        time(r.lastModified()),
        Headers.etag(r.eTag()),
        Optional.ofNullable(r.contentType()),
        lowerCase(r.metadata()),
        whole ? crc32c(r.checksumCRC32C(), r.checksumType()) : Optional.empty(),
        Optional.ofNullable(r.versionId()),
        storageClass(r.storageClassAsString()));
  }

  /** What is told of a write. */
  static PutResult written(String etag, String versionOrNull) {
    return new PutResult(Headers.etag(etag), Optional.ofNullable(versionOrNull));
  }

  private static Optional<String> storageClass(String orNull) {
    return Optional.ofNullable(orNull).filter(name -> !name.equals("STANDARD"));
  }

  static Instant time(Instant orNull) {
    return orNull == null ? Instant.EPOCH : orNull;
  }

  /**
   * The checksum of a whole object.
   *
   * @param text the header, or null; {@code …-3} is a checksum of three parts' checksums, not of
   *     the object
   * @param type what the store says it is of, or null
   */
  private static Optional<Integer> crc32c(String text, ChecksumType type) {
    return text == null || text.indexOf('-') >= 0 || type == ChecksumType.COMPOSITE
        ? Optional.empty()
        : Crc32c.decode(text);
  }

  private static Map<String, String> lowerCase(Map<String, String> metadata) {
    Map<String, String> lower = new TreeMap<>();
    metadata.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    return lower;
  }
}
