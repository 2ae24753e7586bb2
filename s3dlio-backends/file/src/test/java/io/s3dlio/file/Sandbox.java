package io.s3dlio.file;

import io.s3dlio.platform.DirectOption;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.opentest4j.TestAbortedException;

/**
 * Runs a scenario in a JVM of its own, under circumstances that a test cannot give itself: on a
 * file system that is full or cannot be written, as a user without privileges, in another locale.
 * Where the system cannot provide them the test is aborted, which the end of the run reports.
 */
final class Sandbox {

  private static final long TIMEOUT_SECONDS = 120;

  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private final List<String> command = new ArrayList<>();
  private final Map<String, String> environment;

  private Sandbox(List<String> command, Map<String, String> environment) {
    this.command.addAll(command);
    this.environment = environment;
  }

  /** With another locale. */
  static Sandbox inLocale(String locale) {
    return new Sandbox(List.of(), Map.of("LC_ALL", locale));
  }

  /** As a user for whom the modes of files count. */
  static Sandbox unprivileged() throws Exception {
    if (!ROOT) {
      return new Sandbox(List.of(), Map.of());
    }
    List<String> drop =
        List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");
    require(drop, "no user without privileges to be had (setpriv)");
    return new Sandbox(drop, Map.of());
  }

  /** With a file system of its own at a directory, which goes when the scenario ends. */
  static Sandbox mounting(String mount, Path directory) throws Exception {
    List<String> shell = new ArrayList<>(List.of("unshare"));
    shell.addAll(ROOT ? List.of("--mount") : List.of("--user", "--map-root-user", "--mount"));
    shell.addAll(
        List.of("sh", "-c", mount + " && exec \"$@\"", directory.toAbsolutePath().toString()));
    require(shell, "no file system can be mounted (unshare)");
    return new Sandbox(shell, Map.of());
  }

  /** With every call of some kinds written to a file by strace. */
  static Sandbox traced(String calls, Path log) throws Exception {
    require(List.of("strace", "-o", "/dev/null"), "system calls cannot be traced (strace)");
    return new Sandbox(
        List.of("strace", "-f", "-y", "-e", "trace=" + calls, "-o", log.toString()), Map.of());
  }

  /** With a system call that fails, as strace's option {@code inject} has it. */
  static Sandbox struck(String injection, Path log) throws Exception {
    require(List.of("strace", "-o", "/dev/null"), "system calls cannot be struck (strace)");
    return new Sandbox(
        List.of("strace", "-f", "-e", "inject=" + injection, "-o", log.toString()), Map.of());
  }

  /** Runs a {@code main}, which must end with status 0. */
  void run(Class<?> scenario, String... arguments) throws Exception {
    Path classes = readableClasses(scenario);
    List<String> all = new ArrayList<>(command);
    all.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:-UsePerfData",
            "-Dfile.encoding=UTF-8",
            "-cp",
            classes + "/*:" + classes,
            scenario.getName()));
    all.addAll(List.of(arguments));
    try {
      String output = execute(all);
      if (output != null) {
        throw new AssertionError(String.join(" ", all) + "\n" + output);
      }
    } finally {
      deleteTree(classes);
    }
  }

  private static void require(List<String> prefix, String complaint) throws Exception {
    List<String> probe = new ArrayList<>(prefix);
    probe.add("true");
    String failure;
    try {
      failure = new Sandbox(List.of(), Map.of()).execute(probe);
    } catch (IOException e) {
      failure = e.getMessage();
    }
    if (failure != null) {
      throw new TestAbortedException(complaint + ": " + failure.strip());
    }
  }

  /** What a command that failed has said; null if it did not fail. */
  private String execute(List<String> all) throws Exception {
    Path output = Files.createTempFile("s3dlio-sandbox", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      if (!ended) {
        return "did not end within " + TIMEOUT_SECONDS + " s\n" + said;
      }
      return process.exitValue() == 0 ? null : "status " + process.exitValue() + "\n" + said;
    } finally {
      Files.delete(output);
    }
  }

  /** A copy of what the scenario needs, where every user can read it. */
  private static Path readableClasses(Class<?> scenario) throws Exception {
    Path copy = Files.createTempDirectory("s3dlio-sandbox");
    for (Class<?> type :
        List.of(
            scenario,
            FileBackend.class,
            DirectOption.class,
            com.sun.jna.Native.class,
            io.s3dlio.ObjectUri.class,
            Assertions.class)) {
      copy(location(type), copy);
    }
    try (Stream<Path> all = Files.walk(copy)) {
      for (Path path : all.toList()) {
        path.toFile().setReadable(true, false);
        path.toFile().setExecutable(true, false);
      }
    }
    return copy;
  }

  private static Path location(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.isRegularFile(from)) {
      Files.copy(from, to.resolve(from.getFileName()));
      return;
    }
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path path : walk.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : walk.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }
}
