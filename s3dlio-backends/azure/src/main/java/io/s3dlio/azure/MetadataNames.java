package io.s3dlio.azure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of metadata as Azure takes them: identifiers of C#, so letters, digits and underscores, and
 * no digit first. Other characters are written as .NET writes them into names of XML: {@code a-b}
 * is {@code a_x002d_b}.
 */
final class MetadataNames {

  private static final Pattern ESCAPE = Pattern.compile("_x([0-9a-f]{4})_");

  private MetadataNames() {}

  /**
   * As it is stored.
   *
   * @param name ASCII, in lower case
   */
  static String encode(String name) {
    StringBuilder out = new StringBuilder();
    Matcher escape = ESCAPE.matcher(name);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = c >= 'a' && c <= 'z';
      boolean digit = c >= '0' && c <= '9' && i > 0;
      boolean underscore = c == '_' && !(escape.find(i) && escape.start() == i);
      if (letter || digit || underscore) {
        out.append(c);
      } else {
        out.append("_x%04x_".formatted((int) c));
      }
    }
    return out.toString();
  }

  /** As it was given. */
  static String decode(String stored) {
    return ESCAPE
        .matcher(stored)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(found.group(1), 16))));
  }
}
