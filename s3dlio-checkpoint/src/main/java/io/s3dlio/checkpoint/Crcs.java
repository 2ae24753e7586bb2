package io.s3dlio.checkpoint;

import java.io.IOException;
import java.util.HexFormat;

/** CRC-32Cs (RFC 3720, appendix B.4) as text: eight hexadecimal digits each. */
final class Crcs {

  private static final int DIGITS = 8;

  private Crcs() {}

  static String toText(int... crcs) {
    StringBuilder text = new StringBuilder(crcs.length * DIGITS);
    for (int crc : crcs) {
      text.append(HexFormat.of().toHexDigits(crc));
    }
    return text.toString();
  }

  static int[] parse(String text) throws IOException {
    if (text.length() % DIGITS != 0 || !text.chars().allMatch(Crcs::isDigit)) {
      throw new IOException("these are no CRCs");
    }
    int[] crcs = new int[text.length() / DIGITS];
    for (int i = 0; i < crcs.length; i++) {
      crcs[i] = Integer.parseUnsignedInt(text, i * DIGITS, (i + 1) * DIGITS, 16);
    }
    return crcs;
  }

  private static boolean isDigit(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }
}
