package io.s3dlio.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The floor: one connection, requests of the length that signed ones have, bytes from the socket
 * into direct memory and back, and nothing else.
 */
final class RawContender implements Contender {

  private static final String SIGNATURE =
      "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20220101%2Fus-east-1%2Fs3"
          + "%2Faws4_request&X-Amz-Date=20220101T000000Z&X-Amz-Expires=600&X-Amz-SignedHeaders=host"
          + "&X-Amz-Signature="
          + "0".repeat(64);

  private final Wire wire;
  private final ByteBuffer memory;
  private final ByteBuffer head = ByteBuffer.allocateDirect(16 << 10).flip();
  private final Map<String, ByteBuffer> requests = new HashMap<>();

  /**
   * Takes over a connection.
   *
   * @param memory as large as the largest object
   */
  RawContender(Wire wire, ByteBuffer memory) {
    this.wire = wire;
    this.memory = memory;
  }

  @Override
  public String name() {
    return "raw";
  }

  @Override
  public void run(Work work, int size) throws IOException {
    switch (work) {
      case GET -> get(size);
      case PUT -> put(size);
      case MANY -> {
        for (int i = 0; i < MANY; i++) {
          get(size);
        }
      }
    }
  }

  private void get(int size) throws IOException {
    wire.write(request("GET", size, 0));
    memory.clear().limit(size);
    readHead();
    int there = Math.min(head.remaining(), size);
    memory.put(head.slice(head.position(), there));
    head.position(head.position() + there);
    while (memory.hasRemaining()) {
      if (wire.read(memory) < 0) {
        throw new EOFException("the server is gone");
      }
    }
  }

  private void put(int size) throws IOException {
    wire.write(request("PUT", size, size));
    wire.write(memory.clear().limit(size));
    readHead();
  }

  private void readHead() throws IOException {
    int length = Heads.length(wire, head);
    if (length < 12 || head.get(head.position() + "HTTP/1.1 ".length()) != '2') {
      throw new IOException("the server refused");
    }
    head.position(head.position() + length);
  }

  private ByteBuffer request(String method, int size, int length) {
    return requests
        .computeIfAbsent(
            method + size,
            key -> {
              byte[] bytes =
                  "%s /bucket/%d/key%s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n"
                      .formatted(method, size, SIGNATURE, length)
                      .getBytes(US_ASCII);
              return ByteBuffer.allocateDirect(bytes.length).put(bytes);
            })
        .flip();
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
