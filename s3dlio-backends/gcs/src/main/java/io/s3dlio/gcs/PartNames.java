package io.s3dlio.gcs;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of an upload's temporary objects: {@code .s3dlio-parts/KEY/UUID/00001}. So those of all
 * uploads of a key, or of keys below a prefix, are found by listing.
 *
 * @param key what the object is to be called; cut off where no name could hold the rest
 * @param prefix what all names of the upload begin with
 */
record PartNames(String key, String prefix) {

  /** Where parts are, in the bucket of their object. Listings do not show them. */
  static final String PARTS = ".s3dlio-parts/";

  /** Bytes of a key that leave room for the rest in the 1,024 of a name. */
  static final int MAX_KEY_BYTES = 950;

  private static final Pattern NAME =
      Pattern.compile(
          "(" + Pattern.quote(PARTS) + "(.*)/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/)[0-9-]+",
          Pattern.DOTALL);

  /** Those of a new upload. */
  static PartNames of(String key) {
    String kept = cut(key);
    return new PartNames(kept, PARTS + kept + "/" + UUID.randomUUID() + "/");
  }

  /** Those that a name is one of; empty if it is none. */
  static Optional<PartNames> parse(String name) {
    Matcher parts = NAME.matcher(name);
    return parts.matches()
        ? Optional.of(new PartNames(parts.group(2), parts.group(1)))
        : Optional.empty();
  }

  private static String cut(String key) {
    int bytes = 0;
    for (int i = 0; i < key.length(); ) {
      String character = Character.toString(key.codePointAt(i));
      bytes += character.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_KEY_BYTES) {
        return key.substring(0, i);
      }
      i += character.length();
    }
    return key;
  }
}
