package io.s3dlio.s3;

import io.s3dlio.ObjectUri;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A URI taken apart the way S3 sees it.
 *
 * @param host {@code host:port} where the URI has one, else empty
 * @param bucket the bucket; may be empty
 * @param key the key; may be empty
 */
record Place(String host, String bucket, String key) {

  private static final int MAX_KEY_BYTES = 1024;

  static Place of(ObjectUri uri) {
    String bucket = uri.bucket();
    int slash = bucket.indexOf('/');
    String first = slash < 0 ? bucket : bucket.substring(0, slash);
    if (first.indexOf(':') < 0) {
      return new Place("", bucket, uri.key());
    }
    return new Place(first, slash < 0 ? "" : bucket.substring(slash + 1), uri.key());
  }

  /** An object's place: with bucket and a key that S3 takes. */
  static Place ofObject(ObjectUri uri) {
    Place place = ofBucket(uri);
    if (place.key.isEmpty()) {
      throw new IllegalArgumentException(
          "this names a bucket, not an object; write " + uri.withKey("key"));
    }
    int bytes = utf8(place.key).remaining();
    if (bytes > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "the key is " + bytes + " bytes long; S3 keys have at most " + MAX_KEY_BYTES);
    }
    return place;
  }

  /** A bucket's place, and nothing more. */
  static Place ofBucketAlone(ObjectUri uri) {
    Place place = ofBucket(uri);
    if (!place.key.isEmpty()) {
      throw new IllegalArgumentException(
          "this names an object, not a bucket; write " + uri.withKey(""));
    }
    return place;
  }

  /** A place in a bucket; the key may be empty, or a prefix. */
  static Place ofBucket(ObjectUri uri) {
    Place place = of(uri);
    if (place.bucket.isEmpty()) {
      throw new IllegalArgumentException(
          "no bucket is named; write s3://"
              + (place.host.isEmpty() ? "" : place.host + "/")
              + "bucket/");
    }
    return place;
  }

  /** The URI of a bucket at a host, in the form in which the host was given. */
  static ObjectUri bucketUri(String host, String bucket) {
    return new ObjectUri("s3", host.isEmpty() ? bucket : host + "/" + bucket, "");
  }

  private static ByteBuffer utf8(String key) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(key));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the key holds half of a surrogate pair: no UTF-8 has it", e);
    }
  }
}
