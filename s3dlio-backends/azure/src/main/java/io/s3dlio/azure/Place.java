package io.s3dlio.azure;

import io.s3dlio.ObjectUri;
import io.s3dlio.rest.Headers;
import java.util.regex.Pattern;

/**
 * A URI taken apart the way Azure sees it.
 *
 * @param account the storage account
 * @param container the container; may be empty
 * @param blob the blob; may be empty
 */
record Place(String account, String container, String blob) {

  /** What the service allows in a name, of 16-bit units. */
  private static final int MAX_BLOB = 1024;

  private static final Pattern CONTAINER =
      Pattern.compile("\\$root|\\$web|\\$logs|[a-z0-9](-?[a-z0-9])*");

  static Place of(ObjectUri uri) {
    String bucket = uri.bucket();
    int slash = bucket.indexOf('/');
    String account = slash < 0 ? bucket : bucket.substring(0, slash);
    if (!account.matches("[a-z0-9]{3,24}")) {
      throw new IllegalArgumentException(
          account.isEmpty()
              ? "no account is named; write az://account/container/key"
              : "'"
                  + account
                  + "' is not the name of an account (3 to 24 letters and digits, lower"
                  + " case); write az://account/container/key");
    }
    return new Place(account, slash < 0 ? "" : bucket.substring(slash + 1), uri.key());
  }

  /** An object's place: with container and a name that Azure takes. */
  static Place ofObject(ObjectUri uri) {
    Place place = ofContainer(uri);
    if (place.blob.isEmpty()) {
      throw new IllegalArgumentException(
          "this names a container, not an object; write " + uri.withKey("key"));
    }
    if (place.blob.length() > MAX_BLOB) {
      throw new IllegalArgumentException(
          "the key is %d characters long; blobs have at most %d"
              .formatted(place.blob.length(), MAX_BLOB));
    }
    refuse(place.blob);
    return place;
  }

  /**
   * What Azure would store under another name, or could not list: its documents forbid control
   * characters, and it takes a backslash for a slash.
   */
  private static void refuse(String blob) {
    for (int i = 0; i < blob.length(); i++) {
      char c = blob.charAt(i);
      if (c < 0x20 || c == 0x81 || c == '\\' || c == 0xfffe || c == 0xffff) {
        throw new IllegalArgumentException(
            "the key holds the character U+%04X, which a blob's name cannot".formatted((int) c));
      }
    }
  }

  /** A container's place, and nothing more. */
  static Place ofContainerAlone(ObjectUri uri) {
    Place place = ofContainer(uri);
    if (!place.blob.isEmpty()) {
      throw new IllegalArgumentException(
          "this names an object, not a container; write " + uri.withKey(""));
    }
    return place;
  }

  /** A place in a container; the key may be empty, or a prefix. */
  static Place ofContainer(ObjectUri uri) {
    Place place = of(uri);
    if (place.container.isEmpty()) {
      throw new IllegalArgumentException(
          "no container is named; write az://" + place.account + "/container/");
    }
    if (place.container.length() > 63 || !CONTAINER.matcher(place.container).matches()) {
      throw new IllegalArgumentException(
          "'"
              + place.container
              + "' is not the name of a container: 3 to 63 lower-case letters, digits and single"
              + " hyphens");
    }
    return place;
  }

  /**
   * Below the account's URL. Slashes of the name are encoded too, so that no segment is special.
   */
  String path() {
    return "/" + container + (blob.isEmpty() ? "" : "/" + Headers.encoded(blob));
  }
}
