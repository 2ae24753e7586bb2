package io.s3dlio.checkpoint.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** The program strace, at a process that runs: to see its system calls, and to strike them. */
final class Strace implements AutoCloseable {

  private final Process process;
  private final Path log;

  private Strace(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Aborts the test, which the end of the run reports, where it is not there or not allowed. */
  static void require() throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder("strace", "-o", "/dev/null", "true").start();
    } catch (IOException e) {
      throw new TestAbortedException("system calls cannot be struck: there is no strace", e);
    }
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new TestAbortedException("system calls cannot be struck: strace may not trace");
    }
  }

  /**
   * Attaches to all threads of a process, those to come included.
   *
   * @param calls which it writes to the log, separated by commas
   * @param options more of strace's
   */
  static Strace attach(long pid, String calls, Path log, List<String> options) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("strace", "-f", "-p", Long.toString(pid), "-o", log.toString()));
    command.addAll(List.of("-e", "trace=" + calls));
    command.addAll(options);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader output = process.inputReader(UTF_8);
    String said = output.readLine();
    if (said == null || !said.contains("attached")) {
      process.destroyForcibly();
      throw new TestAbortedException("strace may not trace: " + said);
    }
    return new Strace(process, log);
  }

  /** Waits for the end of the process; what was seen. */
  List<String> end() throws IOException, InterruptedException {
    process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("strace does not end");
    }
    return Files.readAllLines(log, UTF_8);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
