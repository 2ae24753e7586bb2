package io.s3dlio.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request to {@link CostServer}, without its body.
 *
 * @param fields names in lower case
 */
record CostRequest(String method, String target, Map<String, String> fields) {

  private static final int LARGEST = 1 << 30;

  /** Keys begin with the size of their object. */
  private static final Pattern SIZE = Pattern.compile("(?:/|%2F)([0-9]+)(?:/|%2F)key");

  /** Null at the end of the connection. */
  static CostRequest read(Wire wire, ByteBuffer buffer) throws IOException {
    int length = Heads.length(wire, buffer);
    if (length < 0) {
      return null;
    }
    byte[] head = new byte[length];
    buffer.get(head);
    String[] lines = new String(head, US_ASCII).split("\r\n");
    Map<String, String> fields = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      fields.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    String[] words = lines[0].split(" ");
    return new CostRequest(words[0], words[1], fields);
  }

  String header(String name) {
    return fields.get(name);
  }

  Scheme scheme() {
    return Scheme.ofTarget(target);
  }

  boolean is(Scheme scheme) {
    return scheme() == scheme;
  }

  Optional<String> range() {
    return Optional.ofNullable(fields.getOrDefault("x-ms-range", header("range")));
  }

  /** The size of the object that is asked for, in bytes. */
  int size() throws IOException {
    Matcher size = SIZE.matcher(target);
    if (!size.find()) {
      throw new IOException("no object: " + target);
    }
    return Integer.parseInt(size.group(1));
  }

  /**
   * Reads the body and throws it away.
   *
   * @return bytes of the object in it
   */
  long skipBody(Wire wire, ByteBuffer buffer) throws IOException {
    if (header("transfer-encoding") != null) {
      skipChunks(wire, buffer);
      return 0; // nobody asks
    }
    int length = Integer.parseInt(fields.getOrDefault("content-length", "0"));
    if (length > LARGEST) {
      throw new IOException("a body of " + length + " bytes");
    }
    int around = target.startsWith("/upload/") ? skipDescription(wire, buffer) : 0;
    skip(length - around, wire, buffer);
    return around == 0 ? length : length - around - end();
  }

  private static void skip(int bytes, Wire wire, ByteBuffer buffer) throws IOException {
    int there = Math.min(bytes, buffer.remaining());
    buffer.position(buffer.position() + there);
    for (int left = bytes - there; left > 0; left -= buffer.limit()) {
      buffer.clear().limit(Math.min(left, buffer.capacity()));
      if (wire.read(buffer) < 0) {
        throw new IOException("the client is gone");
      }
      buffer.flip();
      buffer.position(buffer.limit());
    }
  }

  /**
   * What comes in chunks: the length of each stands before it, in hexadecimal; the last is empty.
   */
  private static void skipChunks(Wire wire, ByteBuffer buffer) throws IOException {
    int size;
    do {
      size = 0;
      for (int b = next(wire, buffer); b != '\n'; b = next(wire, buffer)) {
        size = b == '\r' ? size : size * 16 + Character.digit(b, 16);
      }
      skip(size + "\r\n".length(), wire, buffer);
    } while (size > 0);
  }

  private static int next(Wire wire, ByteBuffer buffer) throws IOException {
    if (!buffer.hasRemaining()) {
      buffer.clear();
      if (wire.read(buffer) < 0) {
        throw new IOException("the client is gone");
      }
      buffer.flip();
    }
    return buffer.get();
  }

  /** Google's uploads have two parts, each with a head: a description, and the object. */
  private static int skipDescription(Wire wire, ByteBuffer buffer) throws IOException {
    int skipped = 0;
    for (int i = 0; i < 2; i++) {
      int length = Heads.length(wire, buffer);
      buffer.position(buffer.position() + length);
      skipped += length;
    }
    return skipped;
  }

  /** How much follows the object. */
  private int end() {
    return "\r\n----\r\n".length() + header("content-type").split("boundary=")[1].length();
  }
}
