package io.s3dlio.testkit.fault;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What this process has open: files, sockets, pipes, as {@code /proc/self/fd} shows it. Jars and
 * the JDK's own files are left out, which Java opens when it first needs them.
 */
public final class OpenFiles {

  private OpenFiles() {}

  /**
   * What is open now.
   *
   * @return a line each, sorted; empty where the system has no such directory
   * @throws IOException if it has one and it cannot be read
   */
  public static List<String> list() throws IOException {
    Path all = Path.of("/proc/self/fd");
    List<String> open = new ArrayList<>();
    if (!Files.isDirectory(all)) {
      return open;
    }
    String jdk = System.getProperty("java.home");
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(all)) {
      for (Path fd : stream) {
        String target = target(fd);
        boolean own =
            target.isEmpty() || target.equals("/proc/" + ProcessHandle.current().pid() + "/fd");
        if (!own
            && !target.endsWith(".jar")
            && !target.startsWith(jdk)
            && !target.startsWith("/dev/")) {
          open.add(target);
        }
      }
    }
    Collections.sort(open);
    return open;
  }

  private static String target(Path fd) {
    try {
      return Files.readSymbolicLink(fd).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }
}
