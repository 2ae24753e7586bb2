package io.s3dlio.cli;

/**
 * Text as it is shown to people. Keys come from stores and may hold anything: characters that steer
 * a terminal, break a line or turn the direction of writing are shown by their number.
 */
final class Printable {

  private Printable() {}

  /**
   * The text, with {@code \x1b} or <code>&#92;u202e</code> for each character that is not shown.
   */
  static String of(String text) {
    int at = 0;
    while (at < text.length() && isShown(text, at)) {
      at++;
    }
    if (at == text.length()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, at);
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (isShown(text, at)) {
        shown.append(c);
      } else {
        shown.append(String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", (int) c));
      }
    }
    return shown.toString();
  }

  private static boolean isShown(String text, int index) {
    char c = text.charAt(index);
    if (c >= ' ' && c < 0x7F) {
      return true;
    }
    if (Character.isHighSurrogate(c)) {
      return index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }
    return !isUnsafe(c);
  }

  /** Whether a character steers a terminal, ends a line, or turns the direction of writing. */
  static boolean isUnsafe(int c) {
    return Character.isISOControl(c)
        || c == 0x061C // Arabic letter mark
        || c == 0x200E // left-to-right and right-to-left marks
        || c == 0x200F
        || (c >= 0x2028 && c <= 0x202E) // line and paragraph ends; embeddings and overrides
        || (c >= 0x2066 && c <= 0x2069) // isolates
        || (c >= 0xFFF9 && c <= 0xFFFB) // annotations
        || c == 0xFEFF; // no-break space of no width
  }
}
