package io.s3dlio.checkpoint.internal;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Refuses bytes that are not UTF-8; JSON parsers take some by themselves. Decodes as it is read,
 * since the text may be large and all of it made up. Not thread-safe.
 */
public final class Utf8Reader extends Reader {

  private final ByteBuffer bytes;
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();

  /**
   * Over a text.
   *
   * @param bytes its bytes, from the position to the limit, which reading moves on
   */
  public Utf8Reader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read(char[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    CharBuffer out = CharBuffer.wrap(into, offset, length);
    CoderResult result = decoder.decode(bytes, out, true);
    if (result.isError()) {
      throw new IOException("it is not in UTF-8");
    }
    int n = out.position() - offset;
    return n == 0 && !bytes.hasRemaining() ? -1 : n;
  }

  @Override
  public void close() {}
}
