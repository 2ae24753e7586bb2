package io.s3dlio.gcs;

import io.s3dlio.rest.Headers;

/**
 * Path and query of a request to the <a
 * href="https://cloud.google.com/storage/docs/json_api/v1">JSON API</a>. Names are encoded whole,
 * slashes included.
 */
final class Target {

  private static final String API = "/storage/v1/b";

  private final StringBuilder text;
  private char separator = '?';

  private Target(String path) {
    this.text = new StringBuilder(path);
  }

  static Target buckets() {
    return new Target(API);
  }

  static Target bucket(String bucket) {
    return new Target(API + "/" + Headers.encoded(bucket));
  }

  static Target objects(String bucket) {
    return new Target(API + "/" + Headers.encoded(bucket) + "/o");
  }

  static Target object(Place place) {
    return new Target(path(place));
  }

  static Target upload(String bucket, String name) {
    return new Target("/upload" + API + "/" + Headers.encoded(bucket) + "/o")
        .with("uploadType", "multipart")
        .with("name", name);
  }

  static Target compose(Place place) {
    return new Target(path(place) + "/compose");
  }

  static Target rewrite(Place from, Place to) {
    return new Target(
        path(from)
            + "/rewriteTo/b/"
            + Headers.encoded(to.bucket())
            + "/o/"
            + Headers.encoded(to.key()));
  }

  private static String path(Place place) {
    return API + "/" + Headers.encoded(place.bucket()) + "/o/" + Headers.encoded(place.key());
  }

  /** Adds a parameter. */
  Target with(String name, String value) {
    text.append(separator).append(name).append('=').append(Headers.encoded(value));
    separator = '&';
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
