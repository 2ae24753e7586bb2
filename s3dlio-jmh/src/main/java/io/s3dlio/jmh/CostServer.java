package io.s3dlio.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * As much of S3 as {@link DataPathCost} asks for, at the least cost: objects are the beginning of
 * one buffer, as long as their key says ({@code 65536/any}), and what is put is thrown away. A
 * process of its own, so that the client's CPU time is the client's. Ends when standard input does.
 */
final class CostServer {

  private static final int LARGEST = 1 << 30;

  /** Bytes sent at once where connections are slow. */
  private static final int PIECE = 64 << 10;

  private final ByteBuffer content;
  private final Map<Integer, String> checksums = new ConcurrentHashMap<>();

  private final long limit;

  private CostServer(int size, long limit) {
    this.limit = limit;
    content = ByteBuffer.allocateDirect(size);
    for (long x = 1; content.remaining() >= Long.BYTES; x = x * 6364136223846793005L + 1) {
      content.putLong(x);
    }
    content.clear();
  }

  /**
   * Arguments: the greatest object, bytes a second of a connection or 0, the key store, the
   * certificate. Prints its two ports.
   */
  public static void main(String[] args) throws Exception {
    CostServer server = new CostServer(Integer.parseInt(args[0]), Long.parseLong(args[1]));
    SSLContext tls = new SelfSigned(Path.of(args[2]), Path.of(args[3])).serverContext();
    int plain = server.listen(PlainWire::new);
    int secure =
        server.listen(
            channel -> {
              SSLEngine engine = tls.createSSLEngine();
              engine.setUseClientMode(false);
              return new TlsWire(channel, engine);
            });
    System.out.println(plain + " " + secure);
    System.in.read();
    System.exit(0);
  }

  private interface Accepted {
    Wire wire(SocketChannel channel) throws IOException;
  }

  private int listen(Accepted accepted) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    daemon(
        () -> {
          while (true) {
            SocketChannel channel = listener.accept();
            channel.socket().setTcpNoDelay(true);
            daemon(
                () -> {
                  try (channel;
                      Wire wire = accepted.wire(channel)) {
                    serve(wire);
                  }
                });
          }
        });
    return listener.socket().getLocalPort();
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void daemon(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // The client has what it wanted and is gone.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Wire wire) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10).flip();
    for (Request request = Request.read(wire, buffer);
        request != null;
        request = Request.read(wire, buffer)) {
      if (request.header("expect") != null) {
        send(wire, "HTTP/1.1 100 Continue\r\n\r\n");
      }
      request.skipBody(wire, buffer);
      answer(wire, request);
    }
  }

  private void answer(Wire wire, Request request) throws IOException {
    switch (request.method) {
      case "GET", "HEAD" -> object(wire, request);
      case "PUT" -> send(wire, head(200, 0, "ETag: \"e\"\r\n"));
      case "POST" -> {
        boolean begins = request.target.contains("?uploads");
        String xml =
            begins
                ? "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                    + "</InitiateMultipartUploadResult>"
                : "<CompleteMultipartUploadResult><ETag>\"e\"</ETag>"
                    + "</CompleteMultipartUploadResult>";
        String type = begins ? "x-amz-checksum-type: FULL_OBJECT\r\n" : "";
        send(wire, head(200, xml.length(), "Content-Type: application/xml\r\n" + type) + xml);
      }
      default -> send(wire, head(204, 0, ""));
    }
  }

  private void object(Wire wire, Request request) throws IOException {
    int size = Integer.parseInt(request.target.split("/")[2]);
    String fields =
        "ETag: \"e\"\r\nLast-Modified: Sat, 01 Jan 2022 00:00:00 GMT\r\nAccept-Ranges: bytes\r\n";
    String range = request.header("range");
    if (range == null) {
      if (request.header("x-amz-checksum-mode") != null) {
        fields +=
            "x-amz-checksum-crc32c: "
                + checksums.computeIfAbsent(size, this::checksum)
                + "\r\nx-amz-checksum-type: FULL_OBJECT\r\n";
      }
      send(wire, head(200, size, fields));
      body(wire, request, 0, size);
      return;
    }
    String[] ends = range.substring("bytes=".length()).split("-");
    int first = Integer.parseInt(ends[0]);
    int last = Math.min(size, Integer.parseInt(ends[1]) + 1) - 1;
    fields += "Content-Range: bytes " + first + "-" + last + "/" + size + "\r\n";
    send(wire, head(206, last + 1 - first, fields));
    body(wire, request, first, last + 1 - first);
  }

  private void body(Wire wire, Request request, int offset, int length) throws IOException {
    if (request.method.equals("GET")) {
      ByteBuffer body = content.slice(offset, length);
      if (limit == 0) {
        wire.write(body);
      } else {
        writeSlowly(wire, body);
      }
    }
  }

  private void writeSlowly(Wire wire, ByteBuffer body) throws IOException {
    long start = System.nanoTime();
    while (body.hasRemaining()) {
      int at = body.position();
      int end = Math.min(at + PIECE, body.capacity());
      wire.write(body.limit(end));
      body.limit(body.capacity());
      LockSupport.parkNanos(start + (long) (end * 1e9 / limit) - System.nanoTime());
    }
  }

  private String checksum(int size) {
    CRC32C crc = new CRC32C();
    crc.update(content.slice(0, size));
    byte[] bytes = ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String head(int status, int length, String fields) {
    return "HTTP/1.1 " + status + " OK\r\nContent-Length: " + length + "\r\n" + fields + "\r\n";
  }

  private static void send(Wire wire, String text) throws IOException {
    wire.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
  }

  /**
   * A request without its body.
   *
   * @param fields names in lower case
   */
  private record Request(String method, String target, Map<String, String> fields) {

    /** Null at the end of the connection. */
    static Request read(Wire wire, ByteBuffer buffer) throws IOException {
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
      return new Request(words[0], words[1], fields);
    }

    String header(String name) {
      return fields.get(name);
    }

    void skipBody(Wire wire, ByteBuffer buffer) throws IOException {
      if (header("transfer-encoding") != null) {
        throw new IOException("a body without its length");
      }
      int left = Integer.parseInt(fields.getOrDefault("content-length", "0"));
      if (left > LARGEST) {
        throw new IOException("a body of " + left + " bytes");
      }
      int there = Math.min(left, buffer.remaining());
      buffer.position(buffer.position() + there);
      for (left -= there; left > 0; left -= buffer.limit()) {
        buffer.clear().limit(Math.min(left, buffer.capacity()));
        if (wire.read(buffer) < 0) {
          throw new IOException("the client is gone");
        }
        buffer.flip();
        buffer.position(buffer.limit());
      }
    }
  }
}
