package io.s3dlio.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the head of an answer (RFC 9112), which may come in any number of pieces. Strict: what two
 * readers could understand differently is refused.
 */
final class HeadReader {

  /** Bytes of a head, its line ends included. */
  static final int MAX_BYTES = 64 << 10;

  static final int MAX_HEADERS = 256;

  private byte[] line = new byte[256];
  private int length;
  private int total;
  private ResponseHead head;

  /**
   * Goes on reading.
   *
   * @return the head, from which on the bytes are the body's; null if more have to come
   * @throws IOException if it is none
   */
  ResponseHead read(ByteBuf in) throws IOException {
    while (in.isReadable()) {
      if (!readLine(in)) {
        return null;
      }
      if (head == null) {
        head = statusLine(text(0, length));
      } else if (length == 0) {
        ResponseHead done = head;
        head = null;
        total = 0;
        return done;
      } else {
        header();
      }
      length = 0;
    }
    return null;
  }

  /** Whether a part of a head has come. */
  boolean hasBegun() {
    return total > 0;
  }

  /** Collects a line without its end; tells whether it is complete. */
  private boolean readLine(ByteBuf in) throws IOException {
    int end = in.forEachByte(ByteProcessor.FIND_LF);
    int n = (end < 0 ? in.writerIndex() : end + 1) - in.readerIndex();
    total += n;
    if (total > MAX_BYTES) {
      throw new IOException("the head of the answer is longer than " + MAX_BYTES + " bytes");
    }
    if (length + n > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + n));
    }
    in.readBytes(line, length, n);
    length += n;
    if (end < 0) {
      return false;
    }
    length--;
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    return true;
  }

  private String text(int from, int to) {
    return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static ResponseHead statusLine(String text) throws IOException {
    boolean known = text.startsWith("HTTP/1.1 ") || text.startsWith("HTTP/1.0 ");
    if (!known || text.length() < 12 || (text.length() > 12 && text.charAt(12) != ' ')) {
      throw new IOException("the answer is not HTTP/1.1");
    }
    int status = 0;
    for (int i = 9; i < 12; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new IOException("the answer's status is no number");
      }
      status = 10 * status + digit;
    }
    if (status < 100) {
      throw new IOException("the answer's status is " + status);
    }
    String reason = text.length() > 13 ? text.substring(13) : "";
    return new ResponseHead(status, reason, text.charAt(7) == '1');
  }

  private void header() throws IOException {
    if (head.count() == MAX_HEADERS) {
      throw new IOException("the answer has more than " + MAX_HEADERS + " headers");
    }
    int colon = 0;
    while (colon < length && isNameByte(line[colon])) {
      colon++;
    }
    if (colon == 0 || colon == length || line[colon] != ':') {
      throw new IOException("a header of the answer has no proper name");
    }
    int from = colon + 1;
    int to = length;
    while (from < to && isBlank(line[from])) {
      from++;
    }
    while (to > from && isBlank(line[to - 1])) {
      to--;
    }
    for (int i = from; i < to; i++) {
      if ((line[i] >= 0 && line[i] < ' ' && line[i] != '\t') || line[i] == 0x7f) {
        throw new IOException(
            "the header " + text(0, colon) + " of the answer holds a control character");
      }
    }
    head.add(text(0, colon), text(from, to));
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static boolean isNameByte(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(b) >= 0;
  }
}
