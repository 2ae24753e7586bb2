package io.s3dlio.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM beside this one, with limits of its own. */
final class OtherProcess {

  private final List<String> command;

  private OtherProcess(List<String> command) {
    this.command = command;
  }

  /** A class of the tests with this test's own class path. */
  static OtherProcess of(Class<?> main) {
    return of(System.getProperty("java.class.path"), main);
  }

  private static OtherProcess of(String classPath, Class<?> main, String... arguments) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java, "-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return new OtherProcess(command);
  }

  /** Where JNA is not. */
  static OtherProcess withoutJna(Class<?> main, String... arguments) {
    return of("target/classes:target/test-classes", main, arguments);
  }

  /** The same, begun by a command that takes it as its last arguments. */
  OtherProcess under(String... wrapper) {
    List<String> all = new ArrayList<>(List.of(wrapper));
    all.addAll(command);
    return new OtherProcess(all);
  }

  /** What it printed. */
  String run() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
