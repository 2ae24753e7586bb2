package io.s3dlio.testkit.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * fake-gcs-server, an emulator of Google Cloud Storage that keeps its objects in memory: the pinned
 * version of {@code dev/install-fake-gcs-server}. It checks no credentials. Thread-safe.
 *
 * <p>What was found by reading and trying the pinned version:
 *
 * <ul>
 *   <li>{@code ifGenerationMatch} is obeyed, with one winner of a race, by uploads of a request and
 *       by resumable ones; it is ignored by reads, compose, rewrite and delete.
 *   <li>A resumable upload appends what it gets whatever its {@code Content-Range} says, and a
 *       question for its state ({@code bytes *}{@code /*}) completes it. Giving one up answers 499,
 *       as the service does, and gives nothing up.
 *   <li>There is no XML multipart upload. Compose takes 32 sources, and keeps the content type of
 *       an object that it replaces.
 *   <li>A page of a listing counts objects only: all common prefixes come with every page.
 *   <li>A read of a range answers the CRC-32C of the whole object, as the service does.
 *   <li>Bucket names have two characters or more of {@code a-z0-9._-}.
 * </ul>
 */
public final class FakeGcsServer implements TestServer {

  private final String name;
  private final ServerProcess process;

  private FakeGcsServer(String name, ServerProcess process) {
    this.name = name;
    this.process = process;
  }

  /**
   * Starts one, on a free port of 127.0.0.1. Its process ends with this JVM at the latest, even if
   * it is killed. Building it takes a minute, once per user.
   *
   * @return the server, ready; the caller closes it
   * @throws ServerUnavailableException if it cannot be built or does not come up
   */
  public static FakeGcsServer start() throws ServerUnavailableException {
    Path program = Installer.FAKE_GCS.install();
    ServerProcess process =
        ServerProcess.start(
            program,
            new ServerProcess.Launch(
                Map.of(), FakeGcsServer::arguments, "/_internal/healthcheck", 200));
    return new FakeGcsServer("fake-gcs-server (" + program + ")", process);
  }

  private static List<String> arguments(int port) {
    return List.of(
        "-scheme",
        "http",
        "-host",
        ServerProcess.HOST,
        "-port",
        String.valueOf(port),
        "-public-host",
        ServerProcess.HOST + ":" + port,
        "-backend",
        "memory",
        "-log-level",
        "warn");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public URI endpoint() {
    return process.endpoint();
  }

  @Override
  public void close() {
    process.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
