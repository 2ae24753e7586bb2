package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

  private static void tellsItsStory(Ran ran) {
    assertThat(ran.err()).isEmpty();
    assertThat(ran.text())
        .contains("$ s3dlio put ", "$ s3dlio ls ", "$ s3dlio get -r --verify ", "$ s3dlio cp ")
        .contains("is a renamed copy of")
        .contains("1 of 4,194,304 bytes are wrong, the first at offset 1,234,567")
        .contains("exit status 3")
        .contains("$ s3dlio ckpt load ", "$ s3dlio ckpt gc ");
    assertThat(ran.lines()).anyMatch(line -> line.matches("  put +32 +0\\.134 .*"));
  }

  private static void killsASave(Ran ran) {
    assertThat(ran.text()).contains("exit status 137", "deleted the bytes of 1 attempt");
  }

  @Test
  void worksOnFilesAndCleansUp(@TempDir Path directory) throws IOException {
    Path place = directory.toRealPath();
    for (String scheme : List.of("file", "direct")) {
      Ran ran = s3dlio("demo", scheme + "://" + place + "/").done();
      tellsItsStory(ran);
      killsASave(ran);
      assertThat(place).isEmptyDirectory();
    }
  }

  @Test
  void worksInMemory() {
    tellsItsStory(s3dlio("demo", "memory://demo-test").done());
    assertThat(s3dlio("ls", "-r", "memory://demo-test").done().text()).isEmpty();
  }

  @Test
  void asJsonItGivesTheSummaries() {
    List<JsonNode> lines = s3dlio("demo", "--json", "memory://demo-test").done().json();
    assertThat(lines)
        .extracting(line -> line.get("operation").asText())
        .containsExactly("put", "get", "get", "get", "cp", "ckpt save", "ckpt load");
  }

  @Test
  void worksOnMinio() throws IOException {
    try (MinioAccess minio = MinioAccess.toNewBucket();
        ObjectStore store = ObjectStores.open(minio.bucketUri(), minio.config())) {
      List<String> args = new ArrayList<>(List.of("demo", minio.bucketUri()));
      args.addAll(minio.options());
      Ran ran = s3dlio(args.toArray(new String[0])).done();
      tellsItsStory(ran);
      killsASave(ran);
      try (var left = store.list(ObjectUri.parse(minio.bucketUri()))) {
        assertThat(left).isEmpty();
      }
    }
  }
}
