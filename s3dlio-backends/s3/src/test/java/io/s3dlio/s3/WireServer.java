package io.s3dlio.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;

/**
 * Speaks HTTP/1.1 and answers what a script says: for answers that no real store can be made to
 * give. Keeps what it was sent.
 */
final class WireServer implements AutoCloseable {

  /** What it was sent; header names in lower case. */
  record Request(String method, String target, Map<String, String> headers, byte[] body) {
    String header(String name) {
      return headers.get(name);
    }
  }

  /**
   * What it sends back.
   *
   * @param bytes head and body; empty for no answer
   * @param closes whether the connection ends after them; otherwise it stays, with or without
   *     answer
   */
  record Reply(byte[] bytes, boolean closes) {

    static Reply of(int status, Map<String, String> headers, byte[] body) {
      Map<String, String> all = new LinkedHashMap<>();
      all.put("Content-Length", String.valueOf(body.length));
      all.putAll(headers);
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Reason\r\n");
      all.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(head.append("\r\n").toString().getBytes(UTF_8));
      out.writeBytes(body);
      return new Reply(out.toByteArray(), false);
    }

    static Reply of(int status) {
      return of(status, Map.of(), new byte[0]);
    }

    static Reply error(int status, String code, String message) {
      return xml(
          status,
          "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>",
          Map.of());
    }

    static Reply xml(int status, String xml, Map<String, String> headers) {
      Map<String, String> all = new LinkedHashMap<>(headers);
      all.put("Content-Type", "application/xml");
      return of(status, all, xml.getBytes(UTF_8));
    }

    static Reply silence() {
      return new Reply(new byte[0], false);
    }

    static Reply hangUp() {
      return new Reply(new byte[0], true);
    }

    Reply thenClose() {
      return new Reply(bytes, true);
    }
  }

  /** Tells what to answer. */
  interface Script {
    /**
     * Answers.
     *
     * @param number of the request, from 1
     */
    Reply answer(Request request, int number);
  }

  /** What a client begins with that takes this for a server with TLS. */
  private static final int TLS_HANDSHAKE = 0x16;

  private final ServerSocket listener;
  private final String scheme;
  private final Script script;
  private final List<Request> requests = new ArrayList<>();
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

  private WireServer(ServerSocket listener, String scheme, Script script) {
    this.listener = listener;
    this.scheme = scheme;
    this.script = script;
  }

  static WireServer start(Script script) {
    return start(ServerSocketFactory.getDefault(), "http", script);
  }

  static WireServer start(ServerSocketFactory sockets, String scheme, Script script) {
    try {
      ServerSocket listener = sockets.createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
      WireServer server = new WireServer(listener, scheme, script);
      daemon(server::accept);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI endpoint() {
    return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort());
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        daemon(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      for (Request request = read(in, out); request != null; request = read(in, out)) {
        int number;
        synchronized (this) {
          requests.add(request);
          number = requests.size();
        }
        Reply reply = script.answer(request, number);
        out.write(reply.bytes);
        out.flush();
        if (reply.closes) {
          return;
        }
      }
    } catch (IOException e) {
      refuse(socket); // or the client went away, or does not want our TLS: its own affair
    } finally {
      open.remove(socket);
      close(socket);
    }
  }

  /** As servers do that understand nothing: they say so, and hear the client out. */
  private static void refuse(Socket socket) {
    try {
      socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      // It is gone.
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Request read(InputStream in, OutputStream out) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII));
      out.flush();
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    String[] words = first.split(" ");
    return new Request(words[0], words[1], headers, body);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (b == TLS_HANDSHAKE) {
        throw new IOException("not for me");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(UTF_8);
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "wire-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Closeable socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
