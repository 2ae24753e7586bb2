package io.s3dlio;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a store says about an object. A listing fills {@code size}, {@code lastModified} and {@code
 * etag}; {@code head} and {@code get} fill all that the store keeps.
 *
 * @param uri where it is
 * @param size bytes
 * @param lastModified when it was written, to the precision of the store
 * @param etag names this content of the object: it changes whenever the content does. Without the
 *     quotes that HTTP puts around it
 * @param contentType the media type it was stored with
 * @param userMetadata the names and values it was stored with; names in lower case
 * @param crc32c the CRC-32C (RFC 3720, appendix B.4) of the whole content, where the store keeps it
 * @param version names this content among the versions of the object, where its bucket keeps them
 * @param storageClass how the store keeps it, as the store calls that. {@code s3://} tells it where
 *     it is another one than STANDARD; the other stores do not tell it
 */
public record ObjectMeta(
    ObjectUri uri,
    long size,
    Instant lastModified,
    Optional<String> etag,
    Optional<String> contentType,
    Map<String, String> userMetadata,
    Optional<Integer> crc32c,
    Optional<String> version,
    Optional<String> storageClass)
    implements ListEntry {

  /** Copies the map. */
  public ObjectMeta {
    userMetadata = Map.copyOf(userMetadata);
  }

  /**
   * The same, said of another place.
   *
   * @param place where it is
   * @return a copy
   */
  public ObjectMeta withUri(ObjectUri place) {
    return new ObjectMeta(
        place, size, lastModified, etag, contentType, userMetadata, crc32c, version, storageClass);
  }

  /**
   * An object without versions, kept in the usual way.
   *
   * @param uri where it is
   * @param size bytes
   * @param lastModified when it was written
   * @param etag names this content of the object
   * @param contentType the media type it was stored with
   * @param userMetadata the names and values it was stored with
   * @param crc32c the CRC-32C of the whole content
   */
  public ObjectMeta(
      ObjectUri uri,
      long size,
      Instant lastModified,
      Optional<String> etag,
      Optional<String> contentType,
      Map<String, String> userMetadata,
      Optional<Integer> crc32c) {
    this(
        uri,
        size,
        lastModified,
        etag,
        contentType,
        userMetadata,
        crc32c,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * What a listing knows.
   *
   * @param uri where it is
   * @param size bytes
   * @param lastModified when it was written
   * @param etag names this content
   * @return an entry without content type, user metadata and checksum
   */
  public static ObjectMeta listed(
      ObjectUri uri, long size, Instant lastModified, Optional<String> etag) {
    return new ObjectMeta(
        uri, size, lastModified, etag, Optional.empty(), Map.of(), Optional.empty());
  }
}
