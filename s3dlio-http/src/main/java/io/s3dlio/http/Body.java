package io.s3dlio.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The body of an answer: tells where it ends (RFC 9112, section 6.3). */
abstract class Body {

  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  /**
   * As the head says.
   *
   * @param bodiless whether the request is one whose answers have no body
   * @throws IOException if the head says different things
   */
  static Body of(ResponseHead head, boolean bodiless) throws IOException {
    List<String> coding = head.list("Transfer-Encoding");
    List<String> length = head.list("Content-Length");
    if (bodiless || head.status() == 204 || head.status() == 304) {
      return new Sized(0);
    }
    if (!coding.isEmpty()) {
      if (!length.isEmpty()) {
        throw new IOException("the answer has both a Content-Length and a Transfer-Encoding");
      }
      if (coding.size() > 1 || !coding.get(0).equalsIgnoreCase("chunked")) {
        throw new IOException("the answer's Transfer-Encoding is not chunked");
      }
      return new Chunked();
    }
    if (length.isEmpty()) {
      return new UntilClose();
    }
    if (length.stream().distinct().count() > 1 || !LENGTH.matcher(length.get(0)).matches()) {
      throw new IOException("the answer's Content-Length is no number");
    }
    return new Sized(Long.parseLong(length.get(0)));
  }

  /**
   * Goes on reading.
   *
   * @param in its bytes, of which those after the body are left
   * @param out takes pieces, whose memory is the reader's again afterwards
   */
  abstract void read(ByteBuf in, Consumer<ByteBuffer> out) throws IOException;

  abstract boolean isDone();

  /** Whether the end of the connection is the body's end. */
  boolean endsWithConnection() {
    return false;
  }

  static void pass(ByteBuf in, long most, Consumer<ByteBuffer> out) {
    int n = (int) Math.min(in.readableBytes(), most);
    if (n > 0) {
      out.accept(in.nioBuffer(in.readerIndex(), n));
      in.skipBytes(n);
    }
  }

  /** Of a known length. */
  static final class Sized extends Body {
    private long left;

    Sized(long length) {
      left = length;
    }

    long left() {
      return left;
    }

    /** So many bytes were taken from the socket. */
    void took(int n) {
      left -= n;
    }

    @Override
    void read(ByteBuf in, Consumer<ByteBuffer> out) {
      long n = Math.min(in.readableBytes(), left);
      left -= n;
      pass(in, n, out);
    }

    @Override
    boolean isDone() {
      return left == 0;
    }
  }

  /** As long as the connection. */
  private static final class UntilClose extends Body {
    @Override
    void read(ByteBuf in, Consumer<ByteBuffer> out) {
      pass(in, Long.MAX_VALUE, out);
    }

    @Override
    boolean isDone() {
      return false;
    }

    @Override
    boolean endsWithConnection() {
      return true;
    }
  }

  /** In chunks, each with its length (RFC 9112, section 7.1). */
  private static final class Chunked extends Body {

    /** Bytes of a line with a chunk's size; extensions are of no interest, but allowed. */
    private static final int MAX_LINE = 4 << 10;

    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9a-f]{1,15}");

    private enum State {
      SIZE,
      DATA,
      DATA_END,
      TRAILER,
      DONE
    }

    private final StringBuilder line = new StringBuilder();
    private State state = State.SIZE;
    private long left;
    private int trailers;

    @Override
    void read(ByteBuf in, Consumer<ByteBuffer> out) throws IOException {
      while (in.isReadable() && state != State.DONE) {
        if (state == State.DATA) {
          long n = Math.min(in.readableBytes(), left);
          left -= n;
          pass(in, n, out);
          state = left == 0 ? State.DATA_END : State.DATA;
        } else if (readLine(in)) {
          endOfLine(line.toString());
          line.setLength(0);
        }
      }
    }

    private boolean readLine(ByteBuf in) throws IOException {
      while (in.isReadable()) {
        char c = (char) in.readUnsignedByte();
        if (c == '\n') {
          if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
          }
          return true;
        }
        if (line.length() == MAX_LINE) {
          throw new IOException("the answer's chunks are not properly framed: a line is too long");
        }
        line.append(c);
      }
      return false;
    }

    private void endOfLine(String text) throws IOException {
      switch (state) {
        case SIZE -> {
          left = size(text);
          state = left == 0 ? State.TRAILER : State.DATA;
        }
        case DATA_END -> {
          if (!text.isEmpty()) {
            throw new IOException("a chunk of the answer is longer than it says");
          }
          state = State.SIZE;
        }
        default -> {
          if (++trailers > HeadReader.MAX_HEADERS) {
            throw new IOException("the answer has too many trailers");
          }
          state = text.isEmpty() ? State.DONE : State.TRAILER;
        }
      }
    }

    private static long size(String text) throws IOException {
      int end = text.indexOf(';');
      String hex = (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
      if (!CHUNK_SIZE.matcher(hex).matches()) {
        throw new IOException("the answer has a chunk whose size is no number");
      }
      return Long.parseLong(hex, 16);
    }

    @Override
    boolean isDone() {
      return state == State.DONE;
    }
  }
}
