package io.s3dlio.spi;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Keeps secrets out of what is said. Texts of others are passed through here before they become
 * part of a message: what a server answers (some repeat the request), and what a user typed (a
 * signed URL where a name was wanted). Thread-safe.
 */
public final class Secrets {

  private static final String SHOWN = "***";

  /** Parameters of signed URLs: {@code name=value} where a parameter can stand. */
  private static final String SIGNED =
      "(?<![\\w/.-])(?:sig|signature|x-(?:amz|goog)-(?:signature|security-token))=";

  /** Headers, parts of connection strings and fields of JSON and XML, which may have any quotes. */
  private static final String NAMED =
      "(?:(?:proxy-)?authorization|x-amz-security-token|x-amz-copy-source-server-side-encryption"
          + "-customer-key|x-amz-server-side-encryption-customer-key|accountkey"
          + "|sharedaccesssignature|client_secret|access_token|private_key|secretaccesskey"
          + "|aws_secret_access_key|aws_session_token)[\"']?\\s*[=:>]\\s*[\"']?";

  private static final Pattern SECRET =
      Pattern.compile(
          "("
              + SIGNED
              + "|"
              + NAMED
              + "(?:(?:bearer|basic|sharedkey|aws|aws4-hmac-sha256)\\s+)?"
              + "|\\bbearer\\s+(?=[\\w.~+/-]{20})"
              + ")[^\\s&\"'<>;,]+",
          Pattern.CASE_INSENSITIVE);

  /** How the names of all values end that the pattern knows. */
  private static final List<String> ENDINGS =
      List.of("sig", "signature", "token", "key", "secret", "authorization");

  /** What stands in front of a host. */
  private static final Pattern USER_INFO = Pattern.compile("(://)[^/\\s@\"'<>]*+@");

  private Secrets() {}

  /**
   * Replaces what looks like a secret: signatures and tokens in URLs, headers and connection
   * strings, and passwords in front of hosts. Text that has none is returned as it is. A secret
   * without a name beside it is not known for one.
   *
   * @param text any, or null
   * @return the text with {@code ***} for each value; null for null
   */
  public static String masked(String text) {
    if (text == null) {
      return null;
    }
    String without = mayHoldSecret(text) ? SECRET.matcher(text).replaceAll("$1" + SHOWN) : text;
    return without.indexOf('@') < 0
        ? without
        : USER_INFO.matcher(without).replaceAll("$1" + SHOWN + "@");
  }

  /** Spares most texts the pattern, which costs more than all else that a small error does. */
  private static boolean mayHoldSecret(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (String ending : ENDINGS) {
      for (int at = lower.indexOf(ending); at >= 0; at = lower.indexOf(ending, at + 1)) {
        if (isFollowedByValue(lower, at + ending.length())) {
          return true;
        }
      }
    }
    return lower.contains("bearer");
  }

  private static boolean isFollowedByValue(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '=' || c == ':' || c == '>') {
        return true;
      }
      if (c != '"' && c != '\'' && !Character.isWhitespace(c)) {
        return false;
      }
    }
    return false;
  }
}
