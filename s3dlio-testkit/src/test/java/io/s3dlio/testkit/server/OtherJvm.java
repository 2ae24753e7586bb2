package io.s3dlio.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.testkit.process.JavaCommand;
import io.s3dlio.testkit.process.JavaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** A JVM that starts a MinIO and does with it what it is told. */
final class OtherJvm implements AutoCloseable {

  private static final int LIMIT_SECONDS = 60;

  private final Path temporary;
  private final JavaProcess process;

  /**
   * Starts the JVM and does not wait for its server.
   *
   * @param temporary an empty directory for all temporary files of the JVM
   */
  OtherJvm(Path temporary) throws IOException {
    this.temporary = temporary;
    this.process =
        JavaCommand.of(OtherJvm.class, binary().toString())
            .options("-Djava.io.tmpdir=" + temporary)
            .start();
  }

  private static Path binary() {
    try {
      return ServerProcess.onPath("minio");
    } catch (ServerUnavailableException notOnPath) {
      try {
        return Installer.MINIO.install();
      } catch (ServerUnavailableException e) {
        e.addSuppressed(notOnPath);
        throw new TestAbortedException("no binary of MinIO: " + e.getMessage(), e);
      }
    }
  }

  String answer() throws InterruptedException {
    return process.awaitLine(line -> line.startsWith("http"));
  }

  void order(String order) {
    process.send(order);
  }

  void kill() throws InterruptedException {
    process.kill();
  }

  /** The processes under the JVM: the server is one of them. */
  List<ProcessHandle> children() {
    List<ProcessHandle> children = process.handle().descendants().toList();
    assertThat(children).isNotEmpty();
    return children;
  }

  int awaitExit() throws InterruptedException {
    return process.awaitEnd();
  }

  void assertNothingLeft(List<ProcessHandle> children) throws Exception {
    for (ProcessHandle child : children) {
      child.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files).isEmpty();
    }
  }

  @Override
  public void close() {
    process.close();
  }

  /** What runs in the other JVM: the argument is the program to start. */
  public static void main(String[] arguments) throws IOException {
    try (MinioServer server = MinioServer.startBinary(Path.of(arguments[0]));
        S3 s3 = new S3(server);
        BufferedReader orders =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      s3.put("endpoint", server.endpoint().toString());
      System.out.println(server.endpoint());
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        if (order.equals("close")) {
          return;
        }
        System.out.println(
            s3.content("endpoint") + " " + S3.buckets(server, server.secretKey()).size());
      }
    }
  }
}
