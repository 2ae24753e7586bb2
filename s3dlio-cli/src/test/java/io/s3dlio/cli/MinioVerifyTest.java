package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MinioVerifyTest extends VerifyContract {

  private static MinioAccess minio;

  @BeforeAll
  static void start() throws IOException {
    minio = MinioAccess.toNewBucket();
  }

  @AfterAll
  static void stop() throws IOException {
    if (minio != null) {
      minio.close();
    }
  }

  @Override
  Place open(String name) throws IOException {
    return new Place(ObjectUri.parse(minio.bucketUri() + name), minio.config());
  }

  @Override
  List<String> options() {
    return minio.options();
  }

  @Test
  void copiesFromFilesAndBack() throws IOException {
    Path file = directory.resolve("a b#c");
    Files.write(file, new byte[] {1, 2, 3});
    run("cp", "file://" + file, place.uri()).done();
    assertThat(place.read("a b#c")).containsExactly(1, 2, 3);
    run("cp", place.uri("a b#c"), "file://" + directory + "/back").done();
    assertThat(directory.resolve("back")).hasBinaryContent(new byte[] {1, 2, 3});
  }

  @Test
  void theEndpointMayStandInTheUri() {
    String host = minio.endpoint().substring("http://".length());
    String uri = place.uri().replace("s3://", "s3://" + host + "/");
    s3dlio("put", uri, "-n", "2", "-s", "1KiB").done();
    s3dlio("get", "-r", "--verify", uri).done();
    assertThat(place.keys()).hasSize(2);
  }
}
