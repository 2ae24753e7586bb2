package io.s3dlio.rest;

import io.s3dlio.ByteRange;
import io.s3dlio.http.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Between headers and the store's vocabulary. */
public final class Headers {

  private static final Pattern TOKEN = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e]*");

  private Headers() {}

  /**
   * An ETag without the quotes of HTTP.
   *
   * @param header as it came, or null
   * @return the ETag; empty for null
   */
  public static Optional<String> etag(String header) {
    if (header == null) {
      return Optional.empty();
    }
    boolean quoted = header.length() >= 2 && header.startsWith("\"") && header.endsWith("\"");
    return Optional.of(quoted ? header.substring(1, header.length() - 1) : header);
  }

  /**
   * An ETag with the quotes of HTTP.
   *
   * @param etag without
   * @return for a header
   */
  public static String quoted(String etag) {
    return '"' + etag + '"';
  }

  /**
   * The header that asks for a range (RFC 9110, section 14.2).
   *
   * @param range which bytes
   * @return the value of {@code Range}; empty for the whole object
   */
  public static Optional<String> range(ByteRange range) {
    if (range instanceof ByteRange.Bounded b) {
      return Optional.of("bytes=" + b.offset() + "-" + (b.offset() + b.length() - 1));
    }
    if (range instanceof ByteRange.From f) {
      return f.offset() == 0 ? Optional.empty() : Optional.of("bytes=" + f.offset() + "-");
    }
    if (range instanceof ByteRange.Suffix s) {
      return Optional.of("bytes=-" + s.length());
    }
    return Optional.empty();
  }

  /**
   * When an object was last changed.
   *
   * @param head of an answer
   * @return the time that {@code Last-Modified} tells; 1970 if it tells none
   */
  public static Instant lastModified(ResponseHead head) {
    return head.header("Last-Modified").map(Headers::time).orElse(Instant.EPOCH);
  }

  /**
   * Reads a date of HTTP (RFC 9110, section 5.6.7).
   *
   * @param date such as {@code Sun, 06 Nov 1994 08:49:37 GMT}
   * @return the time
   * @throws DateTimeException if it is none
   */
  public static Instant time(String date) {
    return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
  }

  /**
   * The user metadata among the headers of an answer.
   *
   * @param head of the answer
   * @param prefix what their names begin with, in lower case
   * @return names in lower case and without the prefix
   */
  public static Map<String, String> metadata(ResponseHead head, String prefix) {
    Map<String, String> found = new TreeMap<>();
    for (int i = 0; i < head.count(); i++) {
      String name = head.name(i).toLowerCase(Locale.ROOT);
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), head.value(i));
      }
    }
    return found;
  }

  /**
   * Refuses user metadata that a header cannot carry, before a server misunderstands it.
   *
   * @param userMetadata names and values
   * @param why what becomes of other values, for messages: {@code cannot be sent to S3}
   * @return the same
   * @throws IllegalArgumentException if a name or value cannot be sent
   */
  public static Map<String, String> checked(Map<String, String> userMetadata, String why) {
    userMetadata.forEach(
        (name, value) -> {
          if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                "user metadata: the name '" + name + "' cannot be part of an HTTP header");
          }
          if (!value.equals(value.strip()) || !VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                "user metadata: the value of '"
                    + name
                    + "' "
                    + why
                    + ": printable ASCII, no space at the ends; encode it (%C3%A4 or alike)");
          }
        });
    return userMetadata;
  }

  /**
   * Encodes text for a path or a query: all but letters, digits, {@code -._~}.
   *
   * @param text any
   * @return percent-encoded UTF-8
   */
  public static String encoded(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '.'
              || c == '_'
              || c == '~';
      if (plain) {
        out.append((char) c);
      } else {
        out.append('%')
            .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
            .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
    return out.toString();
  }
}
