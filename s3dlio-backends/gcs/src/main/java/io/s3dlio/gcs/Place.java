package io.s3dlio.gcs;

import io.s3dlio.ObjectUri;
import java.nio.charset.StandardCharsets;

/**
 * A URI taken apart the way Google Cloud Storage sees it.
 *
 * @param bucket the bucket
 * @param key the name of an object, or a prefix; may be empty
 */
record Place(String bucket, String key) {

  private static final int MAX_KEY_BYTES = 1024;

  /** A place in a bucket; the key may be empty, or a prefix. */
  static Place ofBucket(ObjectUri uri) {
    if (uri.bucket().isEmpty()) {
      throw new IllegalArgumentException(
          "no bucket is named; write " + uri.scheme() + "://bucket/");
    }
    return new Place(uri.bucket(), uri.key());
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

  /**
   * An object's place: with a key that the service takes (<a
   * href="https://cloud.google.com/storage/docs/objects#naming">its rules</a>).
   */
  static Place ofObject(ObjectUri uri) {
    Place place = ofBucket(uri);
    String key = place.key;
    if (key.isEmpty()) {
      throw new IllegalArgumentException(
          "this names a bucket, not an object; write " + uri.withKey("key"));
    }
    int bytes = key.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "the key is "
              + bytes
              + " bytes long; Google Cloud Storage takes at most "
              + MAX_KEY_BYTES);
    }
    if (key.indexOf('\r') >= 0 || key.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(
          "the key holds a line break, which Google Cloud Storage does not take");
    }
    if (key.equals(".") || key.equals("..")) {
      throw new IllegalArgumentException(
          "an object of Google Cloud Storage cannot be called '" + key + "'");
    }
    return place;
  }
}
