package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of more than 4 GiB, of holes but for words where 32 bits end, signed and not. */
@Timeout(600)
class LargeFileTest {

  private static final long SIZE = (4L << 30) + 9;
  private static final List<Long> BORDERS = List.of(2L << 30, 4L << 30);

  @TempDir Path temporary;
  private Path directory;
  private Path file;

  @BeforeEach
  void create() throws IOException {
    directory = temporary.toRealPath();
    file = directory.resolve("large");
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(SIZE);
      for (long border : BORDERS) {
        sparse.seek(border - 2);
        sparse.write(("mark" + border).getBytes(StandardCharsets.UTF_8), 0, 5);
      }
    }
  }

  private void assertMarked(String uri) throws IOException {
    assertThat(s3dlio("stat", "--json", uri).done().summary().get("size").asLong()).isEqualTo(SIZE);
    for (long border : BORDERS) {
      String word = "mark" + String.valueOf(border).charAt(0);
      String range = "--range=" + (border - 2) + ":5";
      assertThat(s3dlio("cat", range, uri).done().text()).isEqualTo(word);
      Path part = directory.resolve("part");
      s3dlio("download", range, uri, part.toString()).done();
      assertThat(part).hasContent(word);
      Files.delete(part);
    }
    assertThat(s3dlio("cat", "--range=" + (SIZE - 1) + ":9", uri).done().out()).hasSize(1);
    assertThat(s3dlio("cat", "--range=" + SIZE + ":1", uri).ends(ExitStatus.FAILED).err())
        .contains("has " + SIZE + " bytes, none in this range");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void isReadAtAnyOffset(String scheme) throws IOException {
    String uri = scheme + "://" + file;
    assertMarked(uri);
    long read = s3dlio("get", "--json", "--range=1:", uri).done().summary().get("bytes").asLong();
    assertThat(read).isEqualTo(SIZE - 1);
  }
}
