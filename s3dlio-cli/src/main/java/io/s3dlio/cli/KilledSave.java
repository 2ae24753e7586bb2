package io.s3dlio.cli;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A save by a JVM of its own that is killed when its first rank has written. */
final class KilledSave {

  private static final long LIMIT_SECONDS = 120;
  private static final long PAUSE_MILLIS = 20;

  /** How the SDK's properties, which are this JVM's own, are called for another one. */
  private static final Map<String, String> CREDENTIALS =
      Map.of(
          "aws.accessKeyId", "AWS_ACCESS_KEY_ID",
          "aws.secretAccessKey", "AWS_SECRET_ACCESS_KEY");

  private final ObjectStore store;
  private final ObjectUri base;

  /**
   * Of a run.
   *
   * @param store stays the caller's
   */
  KilledSave(ObjectStore store, ObjectUri base) {
    this.store = store;
    this.base = base;
  }

  /** Memory is this JVM's alone. */
  static boolean isPossible(ObjectUri base) {
    return !base.scheme().equals("memory");
  }

  /** Runs the command, kills it, and returns its exit status. */
  int run(List<String> arguments) throws IOException {
    Set<String> before = shards();
    Process process = start(arguments);
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (shards().equals(before) && process.isAlive() && System.nanoTime() < end) {
        process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
      process.destroyForcibly();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw CommandException.failed("the demo went wrong: SIGKILL has not ended " + process);
      }
      if (process.exitValue() == ExitStatus.DONE || shards().equals(before)) {
        throw CommandException.failed(
            "the demo went wrong: the save was to be killed half-way, and ended before with status "
                + process.exitValue());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException cancelled = new InterruptedIOException("cancelled");
      cancelled.initCause(e);
      throw cancelled;
    } finally {
      process.destroyForcibly();
    }
  }

  private Set<String> shards() {
    try (Stream<ObjectMeta> objects = store.list(base.resolve("data/"))) {
      return objects
          .map(object -> object.uri().key())
          .filter(key -> key.endsWith(".safetensors"))
          .collect(Collectors.toSet());
    }
  }

  private static Process start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    CREDENTIALS.forEach(
        (property, variable) -> {
          String value = System.getProperty(property);
          if (value != null) {
            builder.environment().put(variable, value);
          }
        });
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }
}
