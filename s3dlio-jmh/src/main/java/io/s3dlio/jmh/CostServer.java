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
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * As much of S3, Azure and Google Cloud Storage as {@link DataPathCost} asks for, at the least
 * cost: objects are the beginning of one buffer, as long as their key says ({@code 65536/any}), and
 * what is put is thrown away. A process of its own, so that the client's CPU time is the client's.
 * Ends when standard input does.
 */
final class CostServer {

  /** Bytes sent at once where connections are slow. */
  private static final int PIECE = 64 << 10;

  private static final String WRITTEN =
      "ETag: \"e\"\r\nLast-Modified: Sat, 01 Jan 2022 00:00:00 GMT\r\nAccept-Ranges: bytes\r\n";

  private final ByteBuffer content;
  private final Map<Integer, byte[]> checksums = new ConcurrentHashMap<>();

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
    for (CostRequest request = CostRequest.read(wire, buffer);
        request != null;
        request = CostRequest.read(wire, buffer)) {
      if (request.header("expect") != null) {
        send(wire, "HTTP/1.1 100 Continue\r\n\r\n");
      }
      long stored = request.skipBody(wire, buffer);
      answer(wire, request, stored);
    }
  }

  private void answer(Wire wire, CostRequest request, long stored) throws IOException {
    switch (request.method()) {
      case "GET", "HEAD" -> object(wire, request);
      case "PUT" -> send(wire, head(request.is(Scheme.AZ) ? 201 : 200, 0, WRITTEN));
      case "POST" -> {
        if (request.is(Scheme.GS)) {
          long size = request.target().contains("/compose") ? request.size() : stored;
          json(
              wire,
              "{\"name\":\"key\",\"bucket\":\"bucket\",\"generation\":\"1\",\"size\":\"%d\"}"
                  .formatted(size));
        } else {
          multipart(wire, request);
        }
      }
      default -> send(wire, head(204, 0, ""));
    }
  }

  private static void multipart(Wire wire, CostRequest request) throws IOException {
    boolean begins = request.target().contains("?uploads");
    String xml =
        begins
            ? "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                + "</InitiateMultipartUploadResult>"
            : "<CompleteMultipartUploadResult><ETag>\"e\"</ETag>"
                + "</CompleteMultipartUploadResult>";
    String type = begins ? "x-amz-checksum-type: FULL_OBJECT\r\n" : "";
    send(wire, head(200, xml.length(), "Content-Type: application/xml\r\n" + type) + xml);
  }

  private static void json(Wire wire, String json) throws IOException {
    send(wire, head(200, json.length(), "Content-Type: application/json\r\n") + json);
  }

  private void object(Wire wire, CostRequest request) throws IOException {
    int size = request.size();
    Optional<String> range = request.range();
    if (range.isEmpty()) {
      send(wire, head(200, size, WRITTEN + described(request, size)));
      body(wire, request, 0, size);
      return;
    }
    String[] ends = range.get().substring("bytes=".length()).split("-");
    int first = Integer.parseInt(ends[0]);
    int last = ends.length == 1 ? size - 1 : Math.min(size, Integer.parseInt(ends[1]) + 1) - 1;
    String span = "Content-Range: bytes " + first + "-" + last + "/" + size + "\r\n";
    // Azure and Google tell the whole object's checksum with a part of it, too.
    String fields = request.is(Scheme.S3) ? "" : described(request, size);
    send(wire, head(206, last + 1 - first, WRITTEN + fields + span));
    body(wire, request, first, last + 1 - first);
  }

  /** What each service says of an object, its checksum above all. */
  private String described(CostRequest request, int size) {
    byte[] crc = checksums.computeIfAbsent(size, this::checksum);
    String base64 = Base64.getEncoder().encodeToString(crc);
    return switch (request.scheme()) {
      case S3 ->
          request.header("x-amz-checksum-mode") == null
              ? ""
              : "x-amz-checksum-crc32c: " + base64 + "\r\nx-amz-checksum-type: FULL_OBJECT\r\n";
      case AZ ->
          "x-ms-blob-type: BlockBlob\r\nx-ms-version: 2024-11-04\r\nx-ms-meta-s3dlio_crc32c: "
              + HexFormat.of().formatHex(crc)
              + "\r\n";
      case GS ->
          "x-goog-generation: 1\r\nx-goog-storage-class: STANDARD\r\nx-goog-hash: crc32c="
              + base64
              + "\r\n";
    };
  }

  private void body(Wire wire, CostRequest request, int offset, int length) throws IOException {
    if (request.method().equals("GET")) {
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

  private byte[] checksum(int size) {
    CRC32C crc = new CRC32C();
    crc.update(content.slice(0, size));
    return ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
  }

  private static String head(int status, int length, String fields) {
    return "HTTP/1.1 " + status + " OK\r\nContent-Length: " + length + "\r\n" + fields + "\r\n";
  }

  private static void send(Wire wire, String text) throws IOException {
    wire.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
  }
}
