package io.s3dlio.datagen;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** The text that describes a generated object. */
final class ObjectText {

  private static final Pattern VERSION = Pattern.compile("v=([0-9]{1,9});.*");
  private static final Pattern CHECKED = Pattern.compile("(.*);crc=([0-9a-f]{8})");
  // The key's loop keeps no way back (*+), for which the matcher would take stack by its length.
  private static final Pattern FIELDS =
      Pattern.compile(
          SpecText.PATTERN
              + ";size=(?<size>[0-9]{1,19})(?:;index=(?<index>[0-9]{1,19}))?"
              + ";(?:key=(?<key>(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*+)|key64=(?<key64>[A-Za-z0-9_-]+))");

  private static final String UNESCAPED = "-._~/";
  private static final int QUOTED = 100;

  private ObjectText() {}

  static String format(GeneratedObject object) {
    byte[] key = object.key().getBytes(StandardCharsets.UTF_8);
    String plain = percentEncoded(key);
    String base64 = Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    String fields =
        SpecText.format(object.spec())
            + ";size="
            + object.size()
            + (object.spec().sharesBlocks() ? ";index=" + object.index() : "")
            + (plain.length() <= base64.length() ? ";key=" + plain : ";key64=" + base64);
    return fields + ";crc=" + checksum(fields);
  }

  static GeneratedObject parse(String text) {
    Matcher version = VERSION.matcher(text);
    if (!version.matches()) {
      throw refused(text, "is not the description of a generated object: it begins with v=1;seed=");
    }
    int formatVersion = Integer.parseInt(version.group(1));
    if (formatVersion != GeneratorSpec.FORMAT_VERSION) {
      throw refused(
          text,
          "is of format version %d; this version of s3dlio knows %d"
              .formatted(formatVersion, GeneratorSpec.FORMAT_VERSION));
    }
    Matcher checked = CHECKED.matcher(text);
    if (!checked.matches()) {
      throw refused(text, "has lost its end: the last field is ;crc= and 8 hexadecimal digits");
    }
    if (!checked.group(2).equals(checksum(checked.group(1)))) {
      throw refused(text, "is damaged: its CRC-32C is " + checksum(checked.group(1)));
    }
    Matcher fields = FIELDS.matcher(checked.group(1));
    if (!fields.matches()) {
      throw refused(text, "does not have the fields v, seed, size and key");
    }
    GeneratedObject object = object(text, formatVersion, fields);
    if (!object.toText().equals(text)) {
      throw refused(text, "is not in the form that s3dlio writes: " + object.toText());
    }
    return object;
  }

  private static GeneratedObject object(String text, int formatVersion, Matcher fields) {
    byte[] key;
    try {
      key =
          fields.group("key") == null
              ? Base64.getUrlDecoder().decode(fields.group("key64"))
              : percentDecoded(fields.group("key"));
      String index = fields.group("index");
      return new GeneratedObject(
          SpecText.read(formatVersion, fields),
          new String(key, StandardCharsets.UTF_8),
          Long.parseLong(fields.group("size")),
          index == null ? 0 : Long.parseLong(index));
    } catch (IllegalArgumentException e) {
      throw refused(text, "has a number or key out of range: " + e.getMessage());
    }
  }

  private static String percentEncoded(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      char c = (char) (b & 0xFF);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (letterOrDigit || UNESCAPED.indexOf(c) >= 0) {
        text.append(c);
      } else {
        text.append("%%%02X".formatted((int) c));
      }
    }
    return text.toString();
  }

  private static byte[] percentDecoded(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }

  /** The text comes from a store: nothing in it may steer a terminal. */
  private static IllegalArgumentException refused(String text, String why) {
    String shown = text.replaceAll("[^\\x20-\\x7E]", "?");
    if (shown.length() > QUOTED) {
      shown = shown.substring(0, QUOTED) + "...";
    }
    return new IllegalArgumentException("'" + shown + "' " + why);
  }
}
