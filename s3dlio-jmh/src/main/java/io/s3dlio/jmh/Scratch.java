package io.s3dlio.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A directory that goes with all that is in it.
 *
 * @param directory where it is
 */
record Scratch(Path directory) implements AutoCloseable {

  /** Makes one in a directory. */
  static Scratch in(String parent) throws IOException {
    return new Scratch(Files.createTempDirectory(Path.of(parent), "s3dlio-cost"));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
