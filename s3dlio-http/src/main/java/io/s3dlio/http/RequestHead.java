package io.s3dlio.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes the head of a request. */
final class RequestHead {

  private static final int USUAL_SIZE = 2048;

  private RequestHead() {}

  /**
   * Writes it.
   *
   * @param length of the body; empty if it is sent in chunks
   * @return the head, which the caller releases
   * @throws IllegalArgumentException if a header cannot be sent
   */
  static ByteBuf encode(
      HttpRequest request, Route route, Optional<Long> length, ByteBufAllocator memory) {
    ByteBuf out = memory.directBuffer(USUAL_SIZE);
    try {
      write(out, request.method());
      put(out, " ");
      if (route.absoluteForm()) {
        put(out, "http://");
        write(out, route.authority());
      }
      write(out, request.target());
      put(out, " HTTP/1.1\r\n");
      request.forEachHeader((name, value) -> header(out, name, value));
      if (request.header("Host").isEmpty()) {
        header(out, "Host", route.authority());
      }
      if (route.absoluteForm()) {
        route
            .proxy()
            .flatMap(ProxyServer::authorization)
            .ifPresent(authorization -> header(out, "Proxy-Authorization", authorization));
      }
      framing(out, request, length);
      put(out, "\r\n");
      return out;
    } catch (RuntimeException | Error e) {
      out.release();
      throw e;
    }
  }

  private static void framing(ByteBuf out, HttpRequest request, Optional<Long> length) {
    if (length.isEmpty()) {
      header(out, "Transfer-Encoding", "chunked");
    } else if (request.header("Content-Length").isEmpty()
        && (length.get() > 0 || hasBody(request.method()))) {
      header(out, "Content-Length", length.get().toString());
    }
  }

  private static boolean hasBody(String method) {
    return method.equals("PUT") || method.equals("POST");
  }

  private static void header(ByteBuf out, String name, String value) {
    write(out, name);
    put(out, ": ");
    write(out, value);
    put(out, "\r\n");
  }

  private static void put(ByteBuf out, String ours) {
    out.writeCharSequence(ours, StandardCharsets.ISO_8859_1);
  }

  /** Refuses what would end a line, or is another character for the server. */
  private static void write(ByteBuf out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0xff || c == '\r' || c == '\n' || c == 0) {
        throw new IllegalArgumentException("a request's head cannot hold the character " + (int) c);
      }
    }
    put(out, text);
  }
}
