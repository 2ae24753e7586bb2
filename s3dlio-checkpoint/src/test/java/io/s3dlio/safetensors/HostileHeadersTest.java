package io.s3dlio.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worst headers of full length are read within 256 MB of heap. */
class HostileHeadersTest {

  /** Far above what it takes, which is seconds. */
  private static final long LIMIT_MINUTES = 5;

  @Test
  void needLittleHeap(@TempDir Path dir) throws Exception {
    Path out = dir.resolve("out");
    Path errors = dir.resolve("errors");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                HostileHeaders.class.getName())
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(out);
    assertThat(process.exitValue()).as("%s%n%s", lines, Files.readString(errors)).isZero();
    assertThat(lines).hasSize(16);
    for (String line : lines) { // two break no rule
      boolean good = line.startsWith("blanks behind") || line.startsWith("one text of escapes");
      assertThat(line).contains(good ? "accepted" : "refused");
    }
    lines.forEach(System.out::println);
  }
}
