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
  void tagsGoWithWhatIsWrittenAndStatShowsThem() throws IOException {
    Path file = Files.write(directory.resolve("a"), new byte[] {1, 2, 3});
    run("upload", file.toString(), place.uri(), "--tag", "team=blue", "--tag", "a b=").done();
    run("put", place.uri("p/"), "-n", "1", "-s", "1KiB", "-t", "o", "--tag", "kind=test").done();
    assertThat(run("stat", "--tags", place.uri("a")).done().lines())
        .anyMatch(line -> line.matches("tag team: +blue"))
        .anyMatch(line -> line.matches("tag a b: *"));
    assertThat(run("stat", "--json", "--tags", place.uri("p/o")).done().summary().get("tags"))
        .hasToString("{\"kind\":\"test\"}");
    assertThat(run("stat", "--json", place.uri("p/o")).done().summary().has("tags")).isFalse();
  }

  /** Where a bucket keeps no versions, an object is the version "null" of itself. */
  @Test
  void aVersionIsReadByItsName() throws IOException {
    place.put("v", "seven");
    Path file = directory.resolve("v");
    run("download", "--version-id", "null", place.uri("v"), file.toString()).done();
    assertThat(file).hasContent("seven");
    run("stat", "--version-id", "null", place.uri("v")).done();
    run("cat", "--version-id", "null", place.uri("v")).done();
    String other = "11111111-1111-1111-1111-111111111111";
    for (String command : List.of("stat", "cat")) {
      run(command, "--version-id", other, place.uri("v")).ends(ExitStatus.FAILED);
    }
    run("download", "--version-id", other, place.uri("v"), directory.resolve("w").toString())
        .ends(ExitStatus.FAILED);
    assertThat(directory.resolve("w")).doesNotExist();
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
