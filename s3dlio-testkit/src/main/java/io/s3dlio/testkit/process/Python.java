package io.s3dlio.testkit.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs scripts that lie beside tests.
 *
 * @param program the interpreter
 * @param directory where scripts and what they print are written
 * @param test the class beside which the scripts lie
 */
public record Python(Path program, Path directory, Class<?> test) {

  private static final long LIMIT_MINUTES = 3;

  /**
   * Runs a script.
   *
   * @param script its name
   * @param arguments what it is called with
   * @return what it prints, without blanks around it
   * @throws IOException if it cannot be run
   * @throws InterruptedException if the thread is interrupted; the script is then killed
   * @throws AssertionError if it fails, with what it says of that, or does not end in 3 minutes
   */
  public String run(String script, Object... arguments) throws IOException, InterruptedException {
    Path file = directory.resolve(script);
    try (InputStream text = test.getResourceAsStream(script)) {
      Files.write(file, text.readAllBytes());
    }
    List<String> command = new ArrayList<>(List.of(program.toString(), file.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path out = Files.createTempFile(directory, "python", ".out");
    Path errors = Files.createTempFile(directory, "python", ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)).as("%s ends", script).isTrue();
      assertThat(process.exitValue()).as("%s: %s", script, Files.readString(errors)).isZero();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(out, UTF_8).strip();
  }
}
