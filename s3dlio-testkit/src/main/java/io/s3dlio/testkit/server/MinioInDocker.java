package io.s3dlio.testkit.server;

import com.github.dockerjava.api.exception.NotFoundException;
import java.net.URI;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** MinIO as a container, by Testcontainers. */
final class MinioInDocker {

  /** MinIO's last image in the public registry; later versions were published as source only. */
  private static final String PUBLISHED = "minio/minio:RELEASE.2025-09-07T16-13-09Z";

  private static final int PORT = 9000;

  private MinioInDocker() {}

  static MinioServer start() throws ServerUnavailableException {
    DockerClientFactory docker = DockerClientFactory.instance();
    if (!docker.isDockerAvailable()) {
      throw new ServerUnavailableException("no Docker engine answers", null);
    }
    Credentials credentials = Credentials.random();
    String image = image(docker);
    GenericContainer<?> container =
        new GenericContainer<>(image)
            .withEnv("MINIO_ROOT_USER", credentials.accessKey())
            .withEnv("MINIO_ROOT_PASSWORD", credentials.secretKey())
            .withEnv("MINIO_BROWSER", "off")
            .withCommand("server", "--address", ":" + PORT, "/data")
            .withExposedPorts(PORT)
            .waitingFor(
                Wait.forHttp(MinioProcess.HEALTH)
                    .forPort(PORT)
                    .withStartupTimeout(MinioProcess.READY_LIMIT));
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

  /** The pinned version, if somebody put it into this engine ({@code dev/with-docker} does). */
  private static String image(DockerClientFactory docker) throws ServerUnavailableException {
    String pinned = "s3dlio/minio:" + MinioInstaller.version();
    try {
      docker.client().inspectImageCmd(pinned).exec();
      return pinned;
    } catch (NotFoundException e) {
      return PUBLISHED;
    }
  }
}
