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
import java.util.Map;
import java.util.stream.Stream;

/** MinIO as a child process, on a port and a directory of its own. */
final class MinioProcess implements AutoCloseable {

  /** Answers 200 once buckets and users are loaded; MinIO's other two health paths do so before. */
  static final String HEALTH = "/minio/health/cluster";

  static final Duration READY_LIMIT = Duration.ofSeconds(60);

  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");
  private static final int POLL_MILLIS = 50;
  private static final int ANSWER_MILLIS = 5000;

  private final SocketChannel port;
  private final URI endpoint;
  private final ChildProcess child;

  private MinioProcess(SocketChannel port, Path binary, Credentials credentials)
      throws IOException {
    this.port = port;
    String address = "127.0.0.1:" + ((InetSocketAddress) port.getLocalAddress()).getPort();
    this.endpoint = URI.create("http://" + address);
    if (!LINUX) {
      port.close();
    }
    Map<String, String> environment =
        Map.of(
            "MINIO_ROOT_USER", credentials.accessKey(),
            "MINIO_ROOT_PASSWORD", credentials.secretKey(),
            "MINIO_BROWSER", "off");
    this.child =
        ChildProcess.start(environment, binary.toString(), "server", "--address", address, "data");
  }

  /** The first {@code minio} on the PATH. */
  static Path onPath() throws ServerUnavailableException {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(directory -> Path.of(directory, "minio").toAbsolutePath())
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .orElseThrow(() -> new ServerUnavailableException("no minio on the PATH", null));
  }

  static MinioServer start(Path binary) throws ServerUnavailableException {
    Credentials credentials = Credentials.random();
    try {
      MinioProcess process = launch(binary, credentials);
      return new MinioServer("MinIO (" + binary + ")", process.endpoint, credentials, process);
    } catch (IOException e) {
      throw new ServerUnavailableException(binary + ": " + e.getMessage(), e);
    }
  }

  private static MinioProcess launch(Path binary, Credentials credentials) throws IOException {
    SocketChannel port = reservePort();
    MinioProcess process;
    try {
      process = new MinioProcess(port, binary, credentials);
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

  /**
   * A free port that stays ours. Two servers of MinIO that start on one port at the same moment
   * both get it, and share the requests out between them unnoticed. This socket is bound and never
   * listens: on Linux that lets MinIO in and keeps the kernel from giving the port to anybody else.
   * Other systems would keep MinIO out, so that it is let go there.
   */
  private static SocketChannel reservePort() throws IOException {
    SocketChannel port = SocketChannel.open(StandardProtocolFamily.INET);
    try {
      port.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      return port.bind(new InetSocketAddress("127.0.0.1", 0));
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
        if (answer.equals("200")) {
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
        (HttpURLConnection) endpoint.resolve(HEALTH).toURL().openConnection();
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
