package io.s3dlio.cli;

import java.util.Locale;

/** Amounts for people: powers of ten, as in the summaries. */
final class Units {

  private static final String[] NAMES = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

  private Units() {}

  /** Such as {@code 512 B}, {@code 1.05 MB}. */
  static String bytes(long bytes) {
    return scaled((double) bytes);
  }

  /** Such as {@code 1.23 GB/s}. */
  static String rate(double bytesPerSecond) {
    return scaled(bytesPerSecond) + "/s";
  }

  private static String scaled(double bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 999.5 && unit < NAMES.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0 ? Math.round(value) + " B" : digits(value) + " " + NAMES[unit];
  }

  /** Three digits that count. */
  static String digits(double value) {
    if (value == 0) {
      return "0";
    }
    int whole = (int) Math.floor(Math.log10(Math.abs(value) * 1.0005)) + 1;
    return String.format(Locale.ROOT, "%." + Math.min(6, Math.max(0, 3 - whole)) + "f", value);
  }

  /** Such as {@code 1 object}, {@code 1,000 objects}. */
  static String count(long count, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
  }
}
