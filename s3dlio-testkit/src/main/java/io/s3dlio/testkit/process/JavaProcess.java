package io.s3dlio.testkit.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A JVM that a {@link JavaCommand} has started. What it prints is read at once and kept in the
 * heap, so that it never waits for its reader. Closing kills it. Thread-safe.
 */
public final class JavaProcess implements AutoCloseable {

  private static final long KILL_SECONDS = 60;

  private final Process process;
  private final String main;
  private final Duration limit;
  private final PrintWriter input;
  private final Thread reader;
  private final List<String> lines = new ArrayList<>();
  private int waitedFor;
  private boolean silent;

  JavaProcess(Process process, String main, Duration limit) {
    this.process = process;
    this.main = main;
    this.limit = limit;
    this.input = new PrintWriter(process.outputWriter(UTF_8), true);
    this.reader = new Thread(this::read, "output of " + main);
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader output = process.inputReader(UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        printed(line);
      }
    } catch (IOException e) {
      printed("(the rest of its output cannot be read: " + e + ")");
    } finally {
      ended();
    }
  }

  private synchronized void printed(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void ended() {
    silent = true;
    notifyAll();
  }

  /**
   * Waits for a line of output. The next call looks at what comes after that line.
   *
   * @param wanted which line
   * @return the first such line
   * @throws InterruptedException if this thread is interrupted
   * @throws AssertionError if none comes in time, or before the end; says what was printed
   */
  public synchronized String awaitLine(Predicate<String> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      while (waitedFor < lines.size()) {
        String line = lines.get(waitedFor++);
        if (wanted.test(line)) {
          return line;
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (silent || left <= 0) {
        throw failed("has not printed what is waited for");
      }
      wait(left);
    }
  }

  /**
   * Writes a line to its standard input.
   *
   * @param line without its end
   */
  public void send(String line) {
    input.println(line);
  }

  /** Ends its standard input. */
  public void endInput() {
    input.close();
  }

  /**
   * Waits for its end.
   *
   * @return its exit status; 128 and the number of the signal if one has killed it
   * @throws InterruptedException if this thread is interrupted
   * @throws AssertionError if it does not end in time; it is killed then
   */
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      kill();
      throw failed("has not ended within " + limit.toSeconds() + " s");
    }
    reader.join(limit.toMillis()); // a child of its own may hold its output open
    return process.exitValue();
  }

  /**
   * Kills it with the signal that cannot be refused: no hook of its runs. Its own children live on.
   *
   * @throws InterruptedException if this thread is interrupted; it is killed all the same
   * @throws AssertionError if it is still there after a minute
   */
  public void kill() throws InterruptedException {
    if (!process.destroyForcibly().waitFor(KILL_SECONDS, TimeUnit.SECONDS)) {
      throw failed("is still there, though killed");
    }
    reader.join(TimeUnit.SECONDS.toMillis(KILL_SECONDS));
  }

  /**
   * What it has printed up to now, on both outputs.
   *
   * @return lines, each with its end
   */
  public synchronized String output() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  /**
   * The process, for its number and its children.
   *
   * @return whether or not it is still there
   */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Kills it if it is still there. */
  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // killed it is
    }
  }

  AssertionError failed(String how) {
    return new AssertionError(
        "process %d (%s) %s; it printed%n%s".formatted(process.pid(), main, how, output()));
  }
}
