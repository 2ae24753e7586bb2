package io.s3dlio.testkit.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** MinIO as a container, by Testcontainers. */
final class MinioInDocker {

  /** MinIO's last image in the public registry; later versions were published as source only. */
  private static final String PUBLISHED = "minio/minio:RELEASE.2025-09-07T16-13-09Z";

  private static final int PULL_MINUTES = 5;
  private static final int PORT = 9000;

  private MinioInDocker() {}

  static MinioServer start() throws ServerUnavailableException {
    DockerClientFactory docker = DockerClientFactory.instance();
    if (!docker.isDockerAvailable()) {
      throw new ServerUnavailableException("no Docker engine answers", null);
    }
    Credentials credentials = Credentials.random();
    String image = image(docker.client());
    GenericContainer<?> container =
        new GenericContainer<>(image)
            .withEnv(MinioServer.environment(credentials))
            .withCommand("server", "--address", ":" + PORT, "/data")
            .withExposedPorts(PORT)
            .waitingFor(
                Wait.forHttp(MinioServer.HEALTH)
                    .forPort(PORT)
                    .withStartupTimeout(ServerProcess.READY_LIMIT));
    try {
      container.start();
    } catch (RuntimeException e) { // what Testcontainers throws for all that can go wrong
      container.stop();
      throw new ServerUnavailableException("Docker, " + image + ": " + e.getMessage(), e);
    }
    URI endpoint =
        URI.create("http://" + container.getHost() + ":" + container.getMappedPort(PORT));
    return new MinioServer("MinIO (Docker, " + image + ")", endpoint, credentials, container);
  }

  /** The pinned version if this engine has it ({@code dev/with-docker} puts it there). */
  private static String image(DockerClient engine) throws ServerUnavailableException {
    String pinned = "s3dlio/minio:" + Installer.MINIO.version();
    if (has(engine, pinned)) {
      return pinned;
    }
    if (!has(engine, PUBLISHED)) {
      pull(engine);
    }
    return PUBLISHED;
  }

  private static boolean has(DockerClient engine, String image) {
    try {
      engine.inspectImageCmd(image).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  /** Testcontainers would do it too, and try for minutes where there is no way to the registry. */
  private static void pull(DockerClient engine) throws ServerUnavailableException {
    try {
      boolean done =
          engine.pullImageCmd(PUBLISHED).start().awaitCompletion(PULL_MINUTES, TimeUnit.MINUTES);
      if (!done) {
        throw new ServerUnavailableException(
            "Docker did not pull " + PUBLISHED + " within " + PULL_MINUTES + " minutes", null);
      }
    } catch (RuntimeException e) { // what the client throws for all that can go wrong
      throw new ServerUnavailableException(
          "Docker cannot pull " + PUBLISHED + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerUnavailableException("interrupted while Docker pulled " + PUBLISHED, e);
    }
  }
}
