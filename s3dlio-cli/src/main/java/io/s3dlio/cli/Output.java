package io.s3dlio.cli;

import io.s3dlio.spi.Secrets;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * What the command says: results on standard output, all else on standard error. Text is UTF-8, and
 * every line is made {@link Printable}. Thread-safe.
 */
final class Output {

  private final WritableByteChannel channel;
  private final OutputStream out;
  private final PrintStream err;
  private final boolean terminal;
  private boolean json;
  private boolean traces;
  private ProgressBar bar;
  private Summary summary;

  /**
   * Takes both streams, which stay the caller's.
   *
   * @param terminal whether a person watches: lines appear at once, and there may be a progress bar
   */
  Output(OutputStream out, OutputStream err, boolean terminal) {
    this.channel = Channels.newChannel(out);
    this.out = new BufferedOutputStream(out, 1 << 16);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.terminal = terminal;
  }

  /** Standard output was closed by its reader, as {@code head} does when it has enough. */
  static final class ClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    ClosedException(IOException cause) {
      super("nobody reads standard output any more", cause);
    }
  }

  void json(boolean on) {
    json = on;
  }

  void traces(boolean on) {
    traces = on;
  }

  /** Whether results are JSON; then nothing else may go to standard output. */
  boolean isJson() {
    return json;
  }

  boolean isTerminal() {
    return terminal;
  }

  /** A line for people, on standard output. */
  synchronized void line(String text) throws IOException {
    write(Printable.of(text));
  }

  /** A line for programs, on standard output. */
  synchronized void json(Json.Fields fields) throws IOException {
    write(Json.line(fields));
  }

  /** What a transfer came to, on standard output. */
  synchronized void summary(Summary result) throws IOException {
    summary(result, fields -> {});
  }

  /** The same, with more of it for programs. */
  synchronized void summary(Summary result, Json.Fields more) throws IOException {
    summary = result;
    if (json) {
      json(
          fields -> {
            result.write(fields);
            more.write(fields);
          });
    } else {
      line(result.toString());
    }
  }

  /** The last summary; null if there was none. */
  synchronized Summary lastSummary() {
    return summary;
  }

  /** Bytes as they are, on standard output. */
  synchronized void bytes(ByteBuffer bytes) throws IOException {
    flush();
    while (bytes.hasRemaining()) {
      try {
        channel.write(bytes);
      } catch (IOException e) {
        throw closed(e);
      }
    }
  }

  /** Something to know that is no failure, on standard error. */
  synchronized void note(String text) {
    ProgressBar shown = bar;
    if (shown != null) {
      shown.erase();
    }
    err.println("s3dlio: " + Printable.of(Secrets.masked(text)));
  }

  /** Why something failed: one line on standard error; the trace where it is asked for. */
  synchronized void failure(Throwable failure) {
    note(Messages.of(failure));
    if (traces) {
      trace(failure);
    }
  }

  /** Where a failure comes from, on standard error. */
  synchronized void trace(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    Secrets.masked(trace.toString())
        .lines()
        .map(line -> Printable.of(line.replace("\t", "    ")))
        .forEach(err::println);
  }

  /** What stands on the terminal's last line until the next call; null for nothing any more. */
  synchronized void progress(ProgressBar newBar) {
    bar = newBar;
  }

  /** Shows the progress bar's text in place of the former. */
  synchronized void redraw(String text) {
    err.print(text);
    err.flush();
  }

  synchronized void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw closed(e);
    }
  }

  private void write(String line) throws IOException {
    ProgressBar shown = bar;
    if (shown != null) {
      shown.erase();
    }
    try {
      out.write(line.getBytes(StandardCharsets.UTF_8));
      out.write('\n');
      if (terminal) {
        out.flush();
      }
    } catch (IOException e) {
      throw closed(e);
    }
  }

  private static IOException closed(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("Broken pipe") || message.contains("Pipe closed")
        ? new ClosedException(e)
        : CommandException.failed("cannot write to standard output: " + message);
  }
}
