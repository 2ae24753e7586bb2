package io.s3dlio.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.cli.Main;
import io.s3dlio.testkit.process.JavaCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is created is for those whom the umask lets in, as with {@code cp}; nothing stays over. */
class FileModeTest {

  @TempDir Path directory;

  private void run(String umask, String arguments) throws Exception {
    JavaCommand.of(Main.class, arguments.replace("DIR", directory.toString()).split(" "))
        .options("-XX:TieredStopAtLevel=1")
        .under(List.of("sh", "-c", "umask " + umask + " && exec \"$@\"", "sh"))
        .run();
  }

  private String mode(String name) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
  }

  @ParameterizedTest
  @CsvSource({
    "000, rw-rw-rw-, rwxrwxrwx",
    "022, rw-r--r--, rwxr-xr-x",
    "077, rw-------, rwx------"
  })
  void isThatOfTheUmask(String umask, String ofFile, String ofDirectory) throws Exception {
    run(umask, "put file://DIR/a/b/ -n 1 -s 1KB -t {}.dat --manifest DIR/manifest");
    run(umask, "upload DIR/manifest file://DIR/up/");
    run(umask, "download -r file://DIR/a/ DIR/down");
    try (Stream<Path> found = Files.walk(directory)) {
      for (Path path : found.filter(p -> !p.equals(directory)).toList()) {
        String name = directory.relativize(path).toString();
        assertThat(mode(name)).as(name).isEqualTo(Files.isDirectory(path) ? ofDirectory : ofFile);
        assertThat(path.getFileName().toString()).doesNotContain("tmp");
      }
    }
    assertThat(directory.resolve("down")).isDirectoryRecursivelyContaining("glob:**.dat");
  }
}
