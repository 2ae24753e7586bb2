package io.s3dlio.cli;

import java.util.Locale;

/**
 * Names for many objects. In the text the first <code>{}</code> is the object's number, from 0 and
 * with zeros in front so that names list in the order of numbers; the second is how many there are.
 *
 * @param text the template
 * @param count how many objects, 1 or more
 */
record KeyTemplate(String text, long count) {

  static final String DEFAULT = "object_{}_of_{}.dat";

  private static final String HOLE = "{}";

  /** Checks that every object gets a name of its own. */
  KeyTemplate {
    if (count < 1) {
      throw new IllegalArgumentException("-n is 1 or more: " + count);
    }
    if (count > 1 && !text.contains(HOLE)) {
      throw new IllegalArgumentException(
          "the template '" + text + "' gives all " + count + " objects one name; put {} into it");
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the template is empty; write a name, such as part-{}");
    }
  }

  /** The name of an object, numbered from 0. */
  String name(long number) {
    int digits = String.valueOf(count - 1).length();
    String padded = String.format(Locale.ROOT, "%0" + digits + "d", number);
    return fill(fill(text, padded), String.valueOf(count));
  }

  private static String fill(String text, String value) {
    int at = text.indexOf(HOLE);
    return at < 0 ? text : text.substring(0, at) + value + text.substring(at + HOLE.length());
  }
}
