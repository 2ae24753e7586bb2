package io.s3dlio.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server whose every byte the test says. */
public final class RawServer implements AutoCloseable {

  /** One connection, from its start to its end. */
  public interface Script {
    /**
     * Speaks.
     *
     * @param number of the connection, from 1
     */
    void speak(Peer peer, int number) throws IOException;
  }

  /** The server's end of a connection. */
  public static final class Peer {
    private final RawServer server;
    private final Socket socket;
    public final InputStream in;

    private Peer(RawServer server, Socket socket) throws IOException {
      this.server = server;
      this.socket = socket;
      this.in = socket.getInputStream();
    }

    /** Reads the head of a request; null at the end. */
    public String head() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
        int b = in.read();
        if (b < 0) {
          return null;
        }
        head.write(b);
      }
      server.heads.add(head.toString(ISO_8859_1));
      return head.toString(ISO_8859_1);
    }

    public void send(String text) throws IOException {
      send(text.getBytes(ISO_8859_1));
    }

    public void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    /** Answers every request alike, until the client ends. */
    public void always(String answer) throws IOException {
      while (head() != null) {
        send(answer);
      }
    }

    /** Says no more, and waits until the client has gone too. */
    void finish() throws IOException {
      socket.shutdownOutput();
      in.readAllBytes();
    }
  }

  private final ServerSocket listener;
  private final Script script;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  public final AtomicInteger accepted = new AtomicInteger();
  public final List<String> heads = new CopyOnWriteArrayList<>();

  private RawServer(Script script) throws IOException {
    this.script = script;
    this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
  }

  public static RawServer start(Script script) {
    try {
      RawServer server = new RawServer(script);
      daemon(server::accept);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers every request alike. */
  public static RawServer answering(String answer) {
    return start((peer, number) -> peer.always(answer));
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        int number = accepted.incrementAndGet();
        daemon(() -> serve(socket, number));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      script.speak(new Peer(this, socket), number);
    } catch (IOException e) {
      // The client went away: the test sees what it makes of it.
    } finally {
      sockets.remove(socket);
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
