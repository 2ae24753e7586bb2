package io.s3dlio.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A directory is listed in order, for which its names have to be held, and nothing else. {@code
 * -Ds3dlio.test.files=1000000} lists a million, in a heap of 256 MiB.
 */
class LargeDirectoryTest {

  private static final int FILES = Integer.getInteger("s3dlio.test.files", 100_000);

  /** What the JVM needs, and 216 bytes for a name. */
  private static final int HEAP_MIB = 40 + (int) (FILES * 216L / 1_000_000);

  @TempDir Path directory;

  @Test
  void needsMemoryForItsNamesAlone() throws Exception {
    Path many = Files.createDirectory(directory.resolve("many"));
    for (int i = 0; i < FILES; i++) {
      Files.createFile(many.resolve("a-name-of-some-length-%07d".formatted(i)));
    }
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + HEAP_MIB + "m",
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.s3dlio.cli.Main",
                    "ls",
                    "file://" + many + "/"))
            .redirectError(directory.resolve("stderr").toFile())
            .start();
    int count = 0;
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        assertThat(line).endsWith("/a-name-of-some-length-%07d".formatted(count++));
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(directory.resolve("stderr"))).isZero();
    } finally {
      process.destroyForcibly();
    }
    assertThat(count).isEqualTo(FILES);
  }
}
