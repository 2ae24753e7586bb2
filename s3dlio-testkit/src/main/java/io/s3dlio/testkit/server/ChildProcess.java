package io.s3dlio.testkit.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server process with a directory of its own, both gone when this is closed and when this JVM
 * ends in whatever way.
 *
 * <p>A shell stands between: the server is its child, and its standard input is a pipe that only
 * this JVM holds. When the pipe ends, because it was closed or because the JVM was killed with no
 * chance to run a shutdown hook, the shell kills the server and deletes the directory. Nobody needs
 * the server's files any more, hence the signal that cannot be refused.
 */
final class ChildProcess implements AutoCloseable {

  private static final String GUARD =
      """
      trap '' HUP INT TERM
      "$@" >log 2>&1 </dev/null &
      pid=$!
      echo "$pid"
      cat >/dev/null
      kill -KILL "$pid" 2>/dev/null
      wait "$pid" 2>/dev/null
      rm -rf -- "$PWD"
      """;

  private static final int STOP_SECONDS = 30;
  private static final int LOG_LINES = 20;

  private final Process guard;
  private final long pid;
  private final Path home;

  private ChildProcess(Process guard, long pid, Path home) {
    this.guard = guard;
    this.pid = pid;
    this.home = home;
  }

  /**
   * Starts a command in a new directory.
   *
   * @param environment added to that of this JVM
   * @param command the program and its arguments
   */
  static ChildProcess start(Map<String, String> environment, String... command) throws IOException {
    List<String> line = new ArrayList<>(List.of("sh", "-c", GUARD, "guard"));
    line.addAll(List.of(command));
    Path home = Files.createTempDirectory("s3dlio-test-");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(home.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    Process guard;
    try {
      guard = builder.start();
    } catch (IOException e) {
      Files.delete(home);
      throw e;
    }
    InputStreamReader out =
        new InputStreamReader(guard.getInputStream(), StandardCharsets.US_ASCII);
    return new ChildProcess(guard, Long.parseLong(new BufferedReader(out).readLine()), home);
  }

  /** Waits up to so many milliseconds for the server to end by itself, and tells if it has. */
  boolean endsWithin(long millis) throws InterruptedException {
    Optional<ProcessHandle> server = ProcessHandle.of(pid);
    if (server.isEmpty()) {
      return true;
    }
    try {
      server.get().onExit().get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("process " + pid + " cannot be waited for", e);
    }
  }

  /** The end of what the server printed. */
  String logTail() {
    try {
      List<String> lines = Files.readAllLines(home.resolve("log"), StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException e) {
      return "(its output cannot be read: " + e + ")";
    }
  }

  @Override
  public void close() {
    try {
      guard.getOutputStream().close();
      if (!guard.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "process " + pid + " is still there, " + STOP_SECONDS + " s after it was killed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the guard has its order and needs nobody
    }
  }
}
