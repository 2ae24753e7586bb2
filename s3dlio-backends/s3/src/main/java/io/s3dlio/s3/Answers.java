package io.s3dlio.s3;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectUri;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** From what S3 answers to the store's vocabulary, and back. */
final class Answers {

  private Answers() {}

  static ObjectMeta meta(ObjectUri uri, HeadObjectResponse r) {
    return new ObjectMeta(
        uri,
        r.contentLength() == null ? 0 : r.contentLength(),
        time(r.lastModified()),
        etag(r.eTag()),
        Optional.ofNullable(r.contentType()),
        lowerCase(r.metadata()),
        Crc32c.ofWhole(r.checksumCRC32C(), r.checksumType()));
  }

  static ObjectMeta meta(ObjectUri uri, GetObjectResponse r, long size, boolean whole) {
    return new ObjectMeta(
        uri,
        size,
        time(r.lastModified()),
        etag(r.eTag()),
        Optional.ofNullable(r.contentType()),
        lowerCase(r.metadata()),
        whole ? Crc32c.ofWhole(r.checksumCRC32C(), r.checksumType()) : Optional.empty());
  }

  static Instant time(Instant orNull) {
    return orNull == null ? Instant.EPOCH : orNull;
  }

  /** Without the quotes of HTTP. */
  static Optional<String> etag(String header) {
    if (header == null) {
      return Optional.empty();
    }
    boolean quoted = header.length() >= 2 && header.startsWith("\"") && header.endsWith("\"");
    return Optional.of(quoted ? header.substring(1, header.length() - 1) : header);
  }

  static String quoted(String etag) {
    return '"' + etag + '"';
  }

  private static Map<String, String> lowerCase(Map<String, String> metadata) {
    Map<String, String> lower = new TreeMap<>();
    metadata.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    return lower;
  }

  /**
   * Refuses what a header cannot carry, before a server misunderstands it.
   *
   * @throws IllegalArgumentException if a name or value cannot be sent
   */
  static Map<String, String> checked(Map<String, String> userMetadata) {
    userMetadata.forEach(
        (name, value) -> {
          if (!name.matches("[a-z0-9!#$%&'*+.^_`|~-]+")) {
            throw new IllegalArgumentException(
                "user metadata: the name '" + name + "' cannot be part of an HTTP header");
          }
          if (!value.equals(value.strip()) || !value.matches("[\\t\\x20-\\x7e]*")) {
            throw new IllegalArgumentException(
                "user metadata: the value of '"
                    + name
                    + "' cannot be sent to S3: printable ASCII, no space at the ends; encode it"
                    + " (%C3%A4 or alike)");
          }
        });
    return userMetadata;
  }
}
