package io.s3dlio;

import io.s3dlio.spi.Secrets;
import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where an object is: scheme, bucket and key, taken <b>literally</b>. Nothing is decoded, encoded
 * or normalised: {@code %2F}, {@code ?}, {@code #}, {@code +}, {@code ..}, spaces and brackets in a
 * key are characters of the key.
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th>URI</th><th>bucket</th><th>key</th></tr>
 * <tr><td>{@code s3://bucket/a/b}</td><td>{@code bucket}</td><td>{@code a/b}</td></tr>
 * <tr><td>{@code s3://host:9000/bucket/a/b}</td><td>{@code host:9000/bucket}</td><td>{@code a/b}</td></tr>
 * <tr><td>{@code az://account/container/a}</td><td>{@code account/container}</td><td>{@code a}</td></tr>
 * <tr><td>{@code gs://bucket/a}, {@code gcs://bucket/a}</td><td>{@code bucket}</td><td>{@code a}</td></tr>
 * <tr><td>{@code file:///dir/a}, {@code direct:///dir/a}</td><td>empty</td><td>{@code dir/a}</td></tr>
 * <tr><td>{@code memory://name/a}</td><td>{@code name}</td><td>{@code a}</td></tr>
 * </table>
 *
 * <p>A host is recognised in an {@code s3://} URI by its explicit port only; bucket names hold no
 * colon. The order is that of object listings: by the bytes of the UTF-8 form.
 *
 * @param scheme lower case, such as {@code s3}
 * @param bucket what the store calls a bucket or container, with the host or account in front where
 *     the URI has one; may be empty
 * @param key the key, or a prefix of keys; may be empty
 */
public record ObjectUri(String scheme, String bucket, String key)
    implements Comparable<ObjectUri>, Serializable {

  private static final long serialVersionUID = 1L;

  // Made once: a URI is made for every object.
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");
  private static final Pattern ANY_CASE_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*");
  private static final Pattern HOST_AND_PORT = Pattern.compile(".+:[0-9]+");

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the scheme is empty or is not letters, digits, {@code +},
   *     {@code -}, {@code .}; or if there is a half of a surrogate pair, which has no UTF-8 form
   */
  public ObjectUri {
    if (!SCHEME.matcher(scheme).matches()) {
      throw new IllegalArgumentException("not a URI scheme: '" + scheme + "'");
    }
    checkUnicode(bucket);
    checkUnicode(key);
  }

  private static void checkUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.charCount(text.codePointAt(i)) == 1) {
          throw new IllegalArgumentException(
              "half of a surrogate pair at character " + i + " of '" + Secrets.masked(text) + "'");
        }
        i++;
      }
    }
  }

  /**
   * Takes a URI apart.
   *
   * @param uri such as {@code s3://bucket/key}
   * @return its parts, literally
   * @throws IllegalArgumentException if it is not of the form {@code scheme://…}, or is a {@code
   *     file://} or {@code direct://} URI without an absolute path
   */
  public static ObjectUri parse(String uri) {
    int colon = uri.indexOf("://");
    if (colon <= 0 || !ANY_CASE_SCHEME.matcher(uri.substring(0, colon)).matches()) {
      throw new IllegalArgumentException(
          "'"
              + Secrets.masked(uri)
              + "' has no scheme; write s3://bucket/key, file:///absolute/path or alike");
    }
    String scheme = uri.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = uri.substring(colon + 3);
    int segments = bucketSegments(scheme, rest);
    if (segments == 0) {
      if (!rest.startsWith("/")) {
        throw new IllegalArgumentException(
            "'"
                + Secrets.masked(uri)
                + "' needs an absolute path: "
                + scheme
                + ":///absolute/path");
      }
      return new ObjectUri(scheme, "", rest.substring(1));
    }
    int end = -1;
    for (int i = 0; i < segments; i++) {
      end = rest.indexOf('/', end + 1);
      if (end < 0) {
        return new ObjectUri(scheme, rest, "");
      }
    }
    return new ObjectUri(scheme, rest.substring(0, end), rest.substring(end + 1));
  }

  private static int bucketSegments(String scheme, String rest) {
    switch (scheme) {
      case "file":
      case "direct":
        return 0;
      case "az":
        return 2;
      case "s3":
        int slash = rest.indexOf('/');
        return HOST_AND_PORT.matcher(slash < 0 ? rest : rest.substring(0, slash)).matches() ? 2 : 1;
      default:
        return 1;
    }
  }

  /**
   * Whether URIs of a scheme name a bucket.
   *
   * @param scheme the scheme
   * @return false for {@code file} and {@code direct}
   */
  public static boolean hasBuckets(String scheme) {
    return bucketSegments(scheme, "") > 0;
  }

  /**
   * The same place with another key.
   *
   * @param newKey the key, literally
   * @return a URI of the same scheme and bucket
   */
  public ObjectUri withKey(String newKey) {
    return new ObjectUri(scheme, bucket, newKey);
  }

  /**
   * A place below this one.
   *
   * @param child what to append to the key, after a {@code /} unless the key is empty or ends with
   *     one
   * @return a URI of the same scheme and bucket
   */
  public ObjectUri resolve(String child) {
    return withKey(key.isEmpty() || key.endsWith("/") ? key + child : key + "/" + child);
  }

  /**
   * The last segment of the key.
   *
   * @return what follows the last {@code /} of the key; empty if the key ends with one
   */
  public String name() {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /** Compares scheme, bucket and key, each in the order of its UTF-8 bytes. */
  @Override
  public int compareTo(ObjectUri other) {
    int c = compareUtf8(scheme, other.scheme);
    c = c != 0 ? c : compareUtf8(bucket, other.bucket);
    return c != 0 ? c : compareUtf8(key, other.key);
  }

  /**
   * Compares two strings as stores order keys: by their UTF-8 bytes, which is the order of code
   * points and, beyond U+FFFF, not that of {@link String#compareTo}.
   *
   * @param a one
   * @param b the other
   * @return negative, zero or positive
   */
  public static int compareUtf8(String a, String b) {
    int n = Math.min(a.length(), b.length());
    for (int i = 0; i < n; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean sx = Character.isSurrogate(x);
        boolean sy = Character.isSurrogate(y);
        return sx == sy ? Character.compare(x, y) : sx ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** The URI, literally; {@link #parse} takes it back to an equal value. */
  @Override
  public String toString() {
    return scheme + "://" + bucket + "/" + key;
  }
}
