package io.s3dlio.testkit.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The script behind {@code dev/install-minio} and its like, which alone knows the pinned versions
 * and the cache.
 */
enum Installer {
  MINIO("minio"),
  AZURITE("azurite"),
  FAKE_GCS("fake-gcs-server"),
  SAFETENSORS("safetensors"),
  FORMATS("formats"),
  TORCH("torch");

  private static final String SCRIPT = "install-server.sh";

  /** Longer than this, and it is not there yet. */
  private static final long QUIET_SECONDS = 2;

  /** A build on a slow machine, after one of somebody else that is under way. */
  private static final long LIMIT_MINUTES = 40;

  private final String program;

  Installer(String program) {
    this.program = program;
  }

  /** The pinned version. */
  String version() throws ServerUnavailableException {
    return run("--version");
  }

  /** The pinned program from the user's cache, built or fetched if it is not there yet. */
  Path install() throws ServerUnavailableException {
    return Path.of(run());
  }

  private String run(String... arguments) throws ServerUnavailableException {
    List<String> command = new ArrayList<>(List.of("sh", "-s", "--", program));
    command.addAll(List.of(arguments));
    Path errors = null;
    try {
      errors = Files.createTempFile("s3dlio-install-" + program + "-", ".log");
      Process script = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      try {
        feed(script);
        if (await(script) == 0) {
          byte[] answer = script.getInputStream().readAllBytes();
          return new String(answer, StandardCharsets.UTF_8).strip();
        }
        throw new ServerUnavailableException(Files.readString(errors).strip(), null);
      } finally {
        script.descendants().forEach(ProcessHandle::destroy);
        script.destroy();
        Files.delete(errors);
      }
    } catch (ServerUnavailableException e) {
      throw e;
    } catch (IOException e) {
      throw new ServerUnavailableException(SCRIPT + " cannot be run: " + e.getMessage(), e);
    }
  }

  private static void feed(Process script) throws IOException {
    try (InputStream text = Installer.class.getResourceAsStream(SCRIPT);
        OutputStream input = script.getOutputStream()) {
      text.transferTo(input);
    }
  }

  private int await(Process script) throws ServerUnavailableException {
    try {
      if (!script.waitFor(QUIET_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("[s3dlio-testkit] getting " + program + ", once: up to 4 minutes");
      }
      if (!script.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        throw new ServerUnavailableException(
            SCRIPT + " did not end within " + LIMIT_MINUTES + " minutes", null);
      }
      return script.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerUnavailableException(
          "interrupted while " + program + " was being installed", e);
    }
  }
}
