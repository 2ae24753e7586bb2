package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command's report on files and objects; what the figures are is in DataReportTest. */
class GenReportTest {

  @TempDir Path temporary;
  private Path file;

  @BeforeEach
  void make() {
    file = temporary.resolve("data");
    String path = file.toString();
    s3dlio("gen", "-o", path, "-s", "4MiB", "-x", "2", "-d", "4", "--dedup-block", "16KiB").done();
  }

  @Test
  void tells_people_in_tables() {
    Ran ran = s3dlio("gen", "--report", file.toString(), "--dedup-block", "16KiB").done();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.lines().get(0)).isEqualTo(file + ": 4,194,304 bytes");
    assertThat(ran.text()).contains("zstd-1", "zstd-3", "lz4", "gzip-1", "gzip-6", "the whole");
    assertThat(ran.lines()).anyMatch(line -> line.matches("16 KiB +256 +64 +4.00 +0"));
  }

  @Test
  void tells_programs_in_a_line() throws IOException {
    String uri = "file://" + file.toRealPath();
    JsonNode report = s3dlio("gen", "--report", uri, "--json").done().summary();
    assertThat(report.get("uri").asText()).isEqualTo(uri);
    assertThat(report.get("bytes").asLong()).isEqualTo(4 << 20);
    assertThat(report.get("sampledBytes").asLong()).isEqualTo(4 << 20);
    JsonNode small = report.get("compression").get(0);
    assertThat(small.get("unit").asInt()).isEqualTo(4096);
    assertThat(small.get("zstd-3").asDouble()).isCloseTo(2, within(0.1));
    assertThat(report.get("compression").get(3).get("unit").isNull()).isTrue();
    JsonNode block = report.get("dedup").get(1);
    assertThat(block.get("block").asInt()).isEqualTo(4096);
    assertThat(block.get("blocks").asInt()).isEqualTo(1024);
    assertThat(block.get("different").asInt()).isEqualTo(256);
    assertThat(block.get("exact").asBoolean()).isTrue();
    assertThat(block.get("ratio").asDouble()).isEqualTo(4);
    assertThat(block.get("zeroBlocks").asInt()).isZero();
  }

  @Test
  void a_file_of_zeros_shows() throws IOException {
    Files.write(file, new byte[1 << 20]);
    Ran ran = s3dlio("gen", "--report", file.toString()).done();
    assertThat(ran.lines()).anyMatch(line -> line.matches("4 KiB +256 +1 +256 +256"));
    Files.write(file, "".getBytes(StandardCharsets.UTF_8));
    assertThat(s3dlio("gen", "--report", file.toString()).done().text())
        .isEqualTo(file + ": 0 bytes\n");
  }

  @Test
  void what_is_not_there_is_an_error_of_a_line() {
    for (String what :
        new String[] {
          temporary.resolve("none").toString(),
          "file://" + temporary + "/none",
          "memory://gen-report/none",
          temporary.toString(),
          "/dev/null"
        }) {
      Ran ran = s3dlio("gen", "--report", what).ends(ExitStatus.FAILED);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.errors()).hasSize(1);
      assertThat(ran.err()).contains(what);
    }
    for (String what : new String[] {"", "nope://a/b", "s3://bucket/"}) {
      assertThat(s3dlio("gen", "--report", what).ends(ExitStatus.USAGE).errors()).hasSize(1);
    }
  }
}
