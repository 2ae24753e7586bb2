package io.s3dlio.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a script that lies beside the tests. */
record Python(Path program, Path directory) {

  private static final long LIMIT_MINUTES = 3;

  /** What it prints; fails with its errors if it fails. */
  String run(String script, Object... arguments) throws Exception {
    Path file = directory.resolve(script);
    try (InputStream text = Python.class.getResourceAsStream(script)) {
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
