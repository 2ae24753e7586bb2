package io.s3dlio.testkit.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request or an answer of HTTP/1.1: its head, and a body of known length that is read once. A
 * body without a length (in chunks, or until the connection ends) is read whole and has one then.
 */
final class Message {

  private static final int LONGEST_HEAD = 256 << 10;
  private static final int LONGEST_WITHOUT_LENGTH = 64 << 20;

  private final List<String> lines;
  private final InputStream body;
  private final long length;

  private Message(List<String> lines, InputStream body, long length) {
    this.lines = lines;
    this.body = body;
    this.length = length;
  }

  /** The next request; null if the client has ended the connection. */
  static Message request(InputStream in) throws IOException {
    List<String> lines = head(in);
    return lines == null ? null : framed(lines, in, false);
  }

  /** The answer to a request. */
  static Message answer(InputStream in, String method) throws IOException {
    List<String> lines = head(in);
    if (lines == null) {
      throw new EOFException("the server ended the connection");
    }
    Message head = new Message(lines, in, 0);
    int status = head.status();
    boolean none = method.equals("HEAD") || status < 200 || status == 204 || status == 304;
    return none ? head : framed(lines, in, true);
  }

  /** An answer of our own. */
  static Message of(String startLine, List<String> headers, byte[] body) {
    List<String> lines = new ArrayList<>();
    lines.add(startLine);
    lines.addAll(headers);
    lines.add("Content-Length: " + body.length);
    return new Message(lines, new ByteArrayInputStream(body), body.length);
  }

  private static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int bytes = 0; ; ) {
      String line = line(in);
      if (line == null && lines.isEmpty()) {
        return null;
      }
      if (line == null || (bytes += line.length()) > LONGEST_HEAD) {
        throw new EOFException("no end of the head");
      }
      if (line.isEmpty() && !lines.isEmpty()) {
        return lines;
      }
      if (!line.isEmpty()) {
        lines.add(line);
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(100);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      line.write(c);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  private static Message framed(List<String> lines, InputStream in, boolean untilEnd)
      throws IOException {
    Message head = new Message(lines, in, 0);
    if (head.header("transfer-encoding").filter(v -> v.equalsIgnoreCase("chunked")).isPresent()) {
      return head.withBody(chunks(in));
    }
    Optional<String> length = head.header("content-length");
    if (length.isPresent()) {
      return new Message(lines, in, Long.parseLong(length.get()));
    }
    return untilEnd ? head.withBody(in.readNBytes(LONGEST_WITHOUT_LENGTH)) : head;
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (all.size() <= LONGEST_WITHOUT_LENGTH) {
      String size = line(in);
      if (size == null) {
        throw new EOFException("no end of the chunks");
      }
      int n = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
      byte[] chunk = in.readNBytes(n);
      all.write(chunk);
      for (String end = line(in); n == 0 && end != null && !end.isEmpty(); end = line(in)) {
        continue; // a trailer
      }
      if (n == 0) {
        return all.toByteArray();
      }
    }
    throw new IOException("a body in chunks is longer than " + LONGEST_WITHOUT_LENGTH + " bytes");
  }

  private Message withBody(byte[] whole) {
    return resized(new ByteArrayInputStream(whole), whole.length);
  }

  /** The same, said to be shorter. */
  Message shortened(long newLength) {
    return resized(body, newLength);
  }

  private Message resized(InputStream newBody, long newLength) {
    List<String> changed = new ArrayList<>(lines);
    changed.removeIf(l -> named(l, "content-length") || named(l, "transfer-encoding"));
    changed.add("Content-Length: " + newLength);
    return new Message(changed, newBody, newLength);
  }

  private static boolean named(String line, String name) {
    return line.length() > name.length()
        && line.charAt(name.length()) == ':'
        && line.regionMatches(true, 0, name, 0, name.length());
  }

  Optional<String> header(String name) {
    return lines.stream()
        .skip(1)
        .filter(line -> named(line, name))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  /** A word of the first line. */
  String word(int index) {
    return lines.get(0).split(" ", 3)[index];
  }

  int status() {
    return Integer.parseInt(word(1));
  }

  boolean closes() {
    return header("connection").filter(v -> v.equalsIgnoreCase("close")).isPresent();
  }

  long length() {
    return length;
  }

  InputStream body() {
    return body;
  }

  byte[] headBytes() {
    return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(ISO_8859_1);
  }
}
