package io.s3dlio.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JavaProcessTest {

  /** Says what it has, then repeats its input until that ends; its status is its last argument. */
  static final class Echo {
    public static void main(String[] arguments) throws IOException {
      System.out.println("arguments " + List.of(arguments));
      System.err.println("HOME " + System.getenv("HOME") + ", KEPT " + System.getenv("KEPT"));
      System.out.println("option " + System.getProperty("option"));
      System.out.println("AssertJ " + has("org.assertj.core.api.Assertions"));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        System.out.println("read " + line);
      }
      if (arguments.length > 0) {
        System.exit(Integer.parseInt(arguments[arguments.length - 1]));
      }
    }

    private static boolean has(String type) {
      try {
        Class.forName(type);
        return true;
      } catch (ClassNotFoundException e) {
        return false;
      }
    }
  }

  @Test
  void collectsWhatIsPrintedOnBothOutputs() throws Exception {
    String said =
        JavaCommand.of(Echo.class, "a b", "0")
            .options("-Doption=set")
            .without("HO.*")
            .environment(Map.of("KEPT", "yes"))
            .run();
    assertThat(said)
        .contains("arguments [a b, 0]\n", "HOME null, KEPT yes\n")
        .contains("option set\n", "AssertJ true\n");
  }

  @Test
  void leavesOutWhatIsNotToBeOnTheClassPath() throws Exception {
    assertThat(JavaCommand.of(Echo.class).classPath(name -> !name.startsWith("assertj")).run())
        .contains("AssertJ false\n");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void isStartedByAnotherProgram(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("input"), "from a file\n");
    List<String> shell = List.of("sh", "-c", "KEPT=shell exec \"$@\"", "sh");
    assertThat(JavaCommand.of(Echo.class).under(shell).input(file).run())
        .contains("KEPT shell\n", "read from a file\n");
  }

  @Test
  void aStatusOtherThanZeroIsAFailureThatSaysWhatWasPrinted() {
    assertThatThrownBy(() -> JavaCommand.of(Echo.class, "7").run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("ended with status 7")
        .hasMessageContaining("arguments [7]");
  }

  @Test
  void takesOrdersAndAnswers() throws Exception {
    try (JavaProcess process = JavaCommand.of(Echo.class, "3").start()) {
      process.send("one");
      process.send("two");
      assertThat(process.awaitLine(line -> line.startsWith("read"))).isEqualTo("read one");
      assertThat(process.awaitLine(line -> line.startsWith("read"))).isEqualTo("read two");
      assertThat(process.handle().isAlive()).isTrue();
      process.endInput();
      assertThat(process.awaitEnd()).isEqualTo(3);
      assertThat(process.output()).endsWith("hook\n");
    }
  }

  @Test
  void isKilledWithoutAWord() throws Exception {
    JavaProcess process = JavaCommand.of(Echo.class).start();
    try (process) {
      process.awaitLine(line -> line.startsWith("AssertJ"));
      process.send("it is ready");
      process.awaitLine(line -> line.startsWith("read"));
      process.kill();
      assertThat(process.handle().isAlive()).isFalse();
      assertThat(process.awaitEnd()).isEqualTo(128 + 9);
      assertThat(process.output()).doesNotContain("hook");
    }
    JavaProcess closed = JavaCommand.of(Echo.class).start();
    closed.close();
    assertThat(closed.handle().isAlive()).isFalse();
  }

  @Test
  void noWaitIsWithoutAnEnd() throws Exception {
    JavaCommand command = JavaCommand.of(Echo.class).limit(Duration.ofMillis(1));
    try (JavaProcess process = command.start()) {
      assertThatThrownBy(() -> process.awaitLine(line -> line.equals("never")))
          .hasMessageContaining("has not printed what is waited for");
      assertThatThrownBy(process::awaitEnd).hasMessageContaining("has not ended within");
      assertThat(process.handle().isAlive()).isFalse();
    }
    try (JavaProcess ended = JavaCommand.of(Echo.class).start()) {
      ended.endInput();
      assertThatThrownBy(() -> ended.awaitLine(line -> line.equals("never")))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("arguments []");
    }
  }
}
