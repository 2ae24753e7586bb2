package io.s3dlio;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 8K} is 8,000 bytes, {@code 8KiB} is 8,192. */
public final class Sizes {

  private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([A-Za-z]*)");

  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("B", 1L),
          Map.entry("K", 1_000L),
          Map.entry("KB", 1_000L),
          Map.entry("KI", 1L << 10),
          Map.entry("KIB", 1L << 10),
          Map.entry("M", 1_000_000L),
          Map.entry("MB", 1_000_000L),
          Map.entry("MI", 1L << 20),
          Map.entry("MIB", 1L << 20),
          Map.entry("G", 1_000_000_000L),
          Map.entry("GB", 1_000_000_000L),
          Map.entry("GI", 1L << 30),
          Map.entry("GIB", 1L << 30),
          Map.entry("T", 1_000_000_000_000L),
          Map.entry("TB", 1_000_000_000_000L),
          Map.entry("TI", 1L << 40),
          Map.entry("TIB", 1L << 40));

  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Sizes() {}

  /**
   * Reads a size.
   *
   * @param text a number, with a fraction if it comes to whole bytes, and a unit: none or B, K or
   *     KB (1,000), Ki or KiB (1,024), and so on to T and TiB; upper or lower case
   * @return bytes, 0 or more
   * @throws IllegalArgumentException if it is not of that form, not a whole number of bytes, or
   *     above 2^63 - 1; the message says which
   */
  public static long parse(String text) {
    Matcher m = FORM.matcher(text);
    Long unit = m.matches() ? UNITS.get(m.group(2).toUpperCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size; write 8192, 8K (8,000 bytes), 8KiB (8,192 bytes), 1.5GiB");
    }
    try {
      return new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(unit)).longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a whole number of bytes below 2^63", e);
    }
  }

  /**
   * Writes a size for people.
   *
   * @param bytes 0 or more
   * @return in binary units, exact where that is short ({@code 8MiB}), else to two places ({@code
   *     1.46GiB})
   */
  public static String format(long bytes) {
    int unit = 0;
    while (unit < BINARY.length - 1 && bytes >= 1L << (10 * (unit + 1))) {
      unit++;
    }
    long one = 1L << (10 * unit);
    return bytes % one == 0
        ? bytes / one + BINARY[unit]
        : String.format(Locale.ROOT, "%.2f%s", (double) bytes / one, BINARY[unit]);
  }
}
