package io.s3dlio.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** MinIO in a container; {@code dev/with-docker} brings up an engine that can run it. */
class MinioInDockerTest {

  @Test
  void keepsObjects() {
    S3Server server = TestServers.minioInDocker();
    assertThat(server.name()).startsWith("MinIO (Docker, ");
    try (S3 s3 = new S3(server)) {
      s3.put("key", "content");
      assertThat(s3.content("key")).isEqualTo("content");
    }
    assertThat(S3.status(() -> S3.buckets(server, "not" + server.secretKey()))).isEqualTo(403);
  }
}
