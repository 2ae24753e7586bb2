package io.s3dlio.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Between a client and a real store: counts connections, and can change one byte of an answer. */
final class WireProxy implements AutoCloseable {

  private final ServerSocket listener;
  private final URI server;
  private final byte[] marker;
  private final boolean tunnel;
  private final Set<Socket> open = new HashSet<>();
  private final List<String> asked = new ArrayList<>();
  private int accepted;
  private int changed;

  private WireProxy(ServerSocket listener, URI server, byte[] marker, boolean tunnel) {
    this.listener = listener;
    this.server = server;
    this.marker = marker;
    this.tunnel = tunnel;
  }

  static WireProxy to(URI server) {
    return changing(server, new byte[0]);
  }

  /** Changes the last byte of every occurrence of a marker in what the server sends. */
  static WireProxy changing(URI server, byte[] marker) {
    return start(server, marker, false);
  }

  /** Wants to be asked with CONNECT, wherever to; then as {@link #to}. */
  static WireProxy tunnel(URI server) {
    return start(server, new byte[0], true);
  }

  private static WireProxy start(URI server, byte[] marker, boolean tunnel) {
    try {
      ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
      WireProxy proxy = new WireProxy(listener, server, marker, tunnel);
      daemon(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  synchronized int accepted() {
    return accepted;
  }

  /** Where it was asked to go, {@code host:port}; it went to the server all the same. */
  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  synchronized int changed() {
    return changed;
  }

  /** Waits until at most so many connections of the client are open; tells how many are. */
  synchronized int awaitOpen(int atMost, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); open.size() > atMost && left > 0; ) {
      wait(Math.max(1, left / 1_000_000));
      left = end - System.nanoTime();
    }
    return open.size();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        Socket upstream = new Socket(server.getHost(), server.getPort());
        if (tunnel) {
          answerConnect(client);
        }
        synchronized (this) {
          open.add(client);
          accepted++;
        }
        daemon(() -> pump(client, upstream, false));
        daemon(() -> pump(upstream, client, true));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void answerConnect(Socket client) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) client.getInputStream().read());
    }
    synchronized (this) {
      asked.add(head.toString().split(" ")[1]);
    }
    String answer = head.indexOf("CONNECT ") == 0 ? "200 Go on" : "400 No";
    client.getOutputStream().write(("HTTP/1.1 " + answer + "\r\n\r\n").getBytes(US_ASCII));
  }

  private void pump(Socket from, Socket to, boolean answer) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] chunk = new byte[64 << 10];
      int matched = 0;
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        matched = answer ? change(chunk, n, matched) : 0;
        out.write(chunk, 0, n);
      }
    } catch (IOException e) {
      // One side went away: so does the other.
    } finally {
      synchronized (this) {
        open.remove(answer ? to : from);
        notifyAll();
      }
    }
  }

  private int change(byte[] chunk, int n, int before) {
    int matched = before;
    for (int i = 0; i < n && marker.length > 0; i++) {
      matched = chunk[i] == marker[matched] ? matched + 1 : chunk[i] == marker[0] ? 1 : 0;
      if (matched == marker.length) {
        chunk[i] ^= 1;
        matched = 0;
        synchronized (this) {
          changed++;
        }
      }
    }
    return matched;
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "wire-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public synchronized void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
