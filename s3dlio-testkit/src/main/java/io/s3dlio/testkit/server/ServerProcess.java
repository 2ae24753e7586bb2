package io.s3dlio.testkit.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

/** A server program as a child process, on a port and a directory of its own. */
final class ServerProcess implements AutoCloseable {

  /**
   * How one program is run.
   *
   * @param environment added to that of this JVM
   * @param arguments those that make it listen at a port of 127.0.0.1 and store into its directory
   * @param health the path of a GET that tells when it is ready
   * @param ready the status of that
   * @param tls trusts its certificate, where it speaks https
   */
  record Launch(
      Map<String, String> environment,
      IntFunction<List<String>> arguments,
      String health,
      int ready,
      Optional<SSLContext> tls) {

    /** Of a program that speaks http. */
    Launch(
        Map<String, String> environment,
        IntFunction<List<String>> arguments,
        String health,
        int ready) {
      this(environment, arguments, health, ready, Optional.empty());
    }
  }

  static final String HOST = "127.0.0.1";

  static final Duration READY_LIMIT = Duration.ofSeconds(60);

  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");
  private static final int POLL_MILLIS = 50;
  private static final int ANSWER_MILLIS = 5000;

  private final SocketChannel port;
  private final Launch launch;
  private final URI endpoint;
  private final ChildProcess child;

  private ServerProcess(SocketChannel port, Path program, Launch launch) throws IOException {
    this.port = port;
    this.launch = launch;
    int number = ((InetSocketAddress) port.getLocalAddress()).getPort();
    this.endpoint =
        URI.create((launch.tls().isPresent() ? "https://" : "http://") + HOST + ":" + number);
    if (!LINUX) {
      port.close();
    }
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(launch.arguments().apply(number));
    this.child = ChildProcess.start(launch.environment(), command.toArray(String[]::new));
  }

  /** The first program of a name on the PATH. */
  static Path onPath(String name) throws ServerUnavailableException {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(directory -> Path.of(directory, name).toAbsolutePath())
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .orElseThrow(() -> new ServerUnavailableException("no " + name + " on the PATH", null));
  }

  /** Starts a program and waits until it is ready. */
  static ServerProcess start(Path program, Launch launch) throws ServerUnavailableException {
    try {
      return open(program, launch);
    } catch (IOException e) {
      throw new ServerUnavailableException(program + ": " + e.getMessage(), e);
    }
  }

  private static ServerProcess open(Path program, Launch launch) throws IOException {
    SocketChannel port = reservePort();
    ServerProcess process;
    try {
      process = new ServerProcess(port, program, launch);
    } catch (IOException e) {
      port.close();
      throw e;
    }
    try {
      process.awaitReady();
      return process;
    } catch (IOException e) {
      process.close();
      throw e;
    }
  }

  URI endpoint() {
    return endpoint;
  }

  /**
   * A free port that stays ours. Two servers of MinIO that start on one port at the same moment
   * both get it, and share the requests out between them unnoticed. This socket is bound and never
   * listens: on Linux that lets a server in (Go and Node bind with SO_REUSEADDR) and keeps the
   * kernel from giving the port to anybody else. Other systems would keep it out, so that the port
   * is let go there.
   */
  private static SocketChannel reservePort() throws IOException {
    SocketChannel port = SocketChannel.open(StandardProtocolFamily.INET);
    try {
      port.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      return port.bind(new InetSocketAddress(HOST, 0));
    } catch (IOException e) {
      port.close();
      throw e;
    }
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + READY_LIMIT.toNanos();
    String answer = "nothing yet";
    try {
      while (System.nanoTime() < deadline) {
        if (child.endsWithin(POLL_MILLIS)) {
          throw new IOException("it ended at once, with\n" + child.logTail());
        }
        answer = health();
        if (answer.equals(String.valueOf(launch.ready()))) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while it started", e);
    }
    throw new IOException(
        "not ready at "
            + endpoint
            + " within "
            + READY_LIMIT.toSeconds()
            + " s, last answer: "
            + answer
            + ", its output:\n"
            + child.logTail());
  }

  private String health() throws IOException {
    HttpURLConnection request =
        (HttpURLConnection) endpoint.resolve(launch.health()).toURL().openConnection();
    if (request instanceof HttpsURLConnection https) {
      https.setSSLSocketFactory(launch.tls().orElseThrow().getSocketFactory());
    }
    request.setConnectTimeout(ANSWER_MILLIS);
    request.setReadTimeout(ANSWER_MILLIS);
    try {
      return String.valueOf(request.getResponseCode());
    } catch (IOException e) { // not listening yet
      return e.toString();
    } finally {
      request.disconnect();
    }
  }

  @Override
  public void close() {
    child.close();
    try {
      port.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
