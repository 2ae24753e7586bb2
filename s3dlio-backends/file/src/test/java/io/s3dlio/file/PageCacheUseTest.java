package io.s3dlio.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel hears of a setting. */
class PageCacheUseTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "keep, ''",
    "sequential, 'a 0 3 SEQUENTIAL; a 1 2 SEQUENTIAL'",
    "random, 'a 0 3 RANDOM; a 1 2 RANDOM'",
    "drop, 'TEMP 0 3 DONTNEED; a 0 3 DONTNEED; a 1 2 DONTNEED'"
  })
  void theKernelIsTold(String use, String expected) throws Exception {
    Path objects = Files.createDirectory(directory.resolve("objects"));
    Path log = directory.resolve("calls");
    Sandbox.traced("fadvise64", log).run(Objects.class, objects.toString(), use);
    List<String> calls =
        Files.readAllLines(log).stream()
            .filter(line -> line.contains(objects.toString()))
            .map(line -> line.replaceAll(Place.TEMP_PREFIX + "[-0-9a-f]+", "TEMP"))
            .map(
                line ->
                    line.replaceAll(
                        ".*/objects/(\\w+)>, (\\d+), (\\d+), POSIX_FADV_(\\w+)\\) = 0.*",
                        "$1 $2 $3 $4"))
            .toList();
    assertThat(String.join("; ", calls)).isEqualTo(expected);
  }

  /** Writes an object of 3 bytes, reads it and a range of it. */
  static final class Objects {
    public static void main(String[] arguments) throws IOException {
      StoreConfig config = StoreConfig.defaults().with(FileStoreProvider.PAGE_CACHE, arguments[1]);
      try (FileFixture files = new FileFixture("file", Path.of(arguments[0]), config)) {
        files.put("a", "xyz");
        files.put("empty", "");
        assertThat(files.read("a")).isEqualTo("xyz");
        assertThat(files.read("a", ByteRange.of(1, 2))).isEqualTo("yz");
        assertThat(files.read("empty")).isEmpty();
      }
    }
  }
}
