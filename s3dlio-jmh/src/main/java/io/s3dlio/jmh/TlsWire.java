package io.s3dlio.jmh;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** TLS over TCP with the JDK's engine, decrypting straight into the reader's memory. */
final class TlsWire implements Wire {

  private static final int NET = 256 << 10;

  private final SocketChannel channel;
  private final SSLEngine engine;

  /** What came from the network and is not decrypted yet: from position to limit. */
  private final ByteBuffer in = ByteBuffer.allocateDirect(NET).flip();

  private final ByteBuffer out = ByteBuffer.allocateDirect(NET);

  /** A record that did not fit into the reader's memory: from position to limit. */
  private final ByteBuffer spare;

  /**
   * Shakes hands.
   *
   * @param engine knows which side this is
   */
  TlsWire(SocketChannel channel, SSLEngine engine) throws IOException {
    this.channel = channel;
    this.engine = engine;
    this.spare = ByteBuffer.allocateDirect(engine.getSession().getApplicationBufferSize()).flip();
    engine.beginHandshake();
    ByteBuffer nothing = ByteBuffer.allocate(0);
    while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> write(nothing);
        default -> readRecord(nothing);
      }
    }
  }

  String cipher() {
    return engine.getSession().getProtocol() + " " + engine.getSession().getCipherSuite();
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!spare.hasRemaining()) {
      if (dst.remaining() >= spare.capacity()) {
        return readRecords(dst);
      }
      spare.clear();
      int n = readRecords(spare);
      spare.flip();
      if (n < 0) {
        return n;
      }
    }
    int n = Math.min(dst.remaining(), spare.remaining());
    dst.put(spare.slice(spare.position(), n));
    spare.position(spare.position() + n);
    return n;
  }

  private int readRecords(ByteBuffer dst) throws IOException {
    int start = dst.position();
    while (dst.position() == start) {
      if (readRecord(dst).getStatus() == Status.CLOSED) {
        return -1;
      }
    }
    return dst.position() - start;
  }

  /** One record; it may carry no data. Waits for the network only if none is complete. */
  private SSLEngineResult readRecord(ByteBuffer dst) throws IOException {
    while (true) {
      SSLEngineResult result = engine.unwrap(in, dst);
      runTasks();
      if (result.getStatus() != Status.BUFFER_UNDERFLOW) {
        return result;
      }
      in.compact();
      int n = channel.read(in);
      in.flip();
      if (n < 0) {
        throw new EOFException("the connection ended within TLS");
      }
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  @Override
  public void write(ByteBuffer src) throws IOException {
    do {
      SSLEngineResult result = engine.wrap(src, out);
      runTasks();
      if (result.getStatus() == Status.CLOSED) {
        throw new EOFException("TLS has been closed");
      }
      if (result.getStatus() == Status.BUFFER_OVERFLOW) {
        flush();
      }
    } while (src.hasRemaining());
    flush();
  }

  private void flush() throws IOException {
    out.flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
    out.clear();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
