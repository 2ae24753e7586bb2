package io.s3dlio.gcs;

import java.nio.charset.StandardCharsets;

/**
 * Path and query of a request to the <a
 * href="https://cloud.google.com/storage/docs/json_api/v1">JSON API</a>. Names are encoded whole,
 * slashes included.
 */
final class Target {

  private static final String API = "/storage/v1/b";
  private static final String HEX = "0123456789ABCDEF";

  private final StringBuilder text;
  private char separator = '?';

  private Target(String path) {
    this.text = new StringBuilder(path);
  }

  static Target buckets() {
    return new Target(API);
  }

  static Target bucket(String bucket) {
    return new Target(API + "/" + encoded(bucket));
  }

  static Target objects(String bucket) {
    return new Target(API + "/" + encoded(bucket) + "/o");
  }

  static Target object(Place place) {
    return new Target(path(place));
  }

  static Target upload(String bucket, String name) {
    return new Target("/upload" + API + "/" + encoded(bucket) + "/o")
        .with("uploadType", "multipart")
        .with("name", name);
  }

  static Target compose(Place place) {
    return new Target(path(place) + "/compose");
  }

  static Target rewrite(Place from, Place to) {
    return new Target(
        path(from) + "/rewriteTo/b/" + encoded(to.bucket()) + "/o/" + encoded(to.key()));
  }

  private static String path(Place place) {
    return API + "/" + encoded(place.bucket()) + "/o/" + encoded(place.key());
  }

  /** Adds a parameter. */
  Target with(String name, String value) {
    text.append(separator).append(name).append('=').append(encoded(value));
    separator = '&';
    return this;
  }

  private static String encoded(String name) {
    StringBuilder out = new StringBuilder(name.length() + 16);
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean unreserved =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~".indexOf(c) >= 0;
      if (unreserved) {
        out.append(c);
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return out.toString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
