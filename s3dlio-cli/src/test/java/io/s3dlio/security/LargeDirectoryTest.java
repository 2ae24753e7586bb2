package io.s3dlio.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.cli.Main;
import io.s3dlio.testkit.process.JavaCommand;
import java.nio.file.Files;
import java.nio.file.Path;
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
    String said =
        JavaCommand.of(Main.class, "ls", "file://" + many + "/")
            .options("-Xmx" + HEAP_MIB + "m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")
            .run();
    int count = 0;
    for (String line : said.split("\n")) {
      assertThat(line).endsWith("/a-name-of-some-length-%07d".formatted(count++));
    }
    assertThat(count).isEqualTo(FILES);
  }
}
