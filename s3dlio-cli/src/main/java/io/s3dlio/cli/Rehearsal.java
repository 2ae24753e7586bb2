package io.s3dlio.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the launcher runs once, so that the JVM can keep the classes of later runs in an archive:
 * help, a listing, and a copy of a file to a port where nobody listens. It changes nothing.
 */
final class Rehearsal {

  private Rehearsal() {}

  /**
   * Runs it.
   *
   * @param args a directory that is there and writable by nobody else
   */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]).toRealPath();
    Path file = Files.createTempFile(directory, "rehearsal", "");
    try (OutputStream out = OutputStream.nullOutputStream()) {
      run(out, "--help");
      run(out, "ls", "-l", "file://" + directory + "/");
      run(
          out,
          "cp",
          "file://" + file,
          "s3://127.0.0.1:1/bucket/key",
          "--no-sign-request",
          "--region=us-east-1",
          "--set=retry.max-attempts=1");
    } finally {
      Files.delete(file);
    }
  }

  private static void run(OutputStream out, String... command) {
    Main.run(command, out, out); // and what becomes of it does not matter
  }
}
