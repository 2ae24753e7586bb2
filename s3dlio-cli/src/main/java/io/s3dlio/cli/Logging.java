package io.s3dlio.cli;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * What is logged, on standard error: warnings of s3dlio itself; with -v what it does, and warnings
 * of the libraries; with -vv all that it has to say.
 */
final class Logging {

  /** Held here, for the log manager forgets loggers that nobody holds. */
  private static final Logger ALL = Logger.getLogger("");

  private static final Logger OURS = Logger.getLogger("io.s3dlio");

  private Logging() {}

  static void configure(int verbosity, Output output) {
    LogManager.getLogManager().reset();
    ALL.setLevel(verbosity == 0 ? Level.OFF : verbosity == 1 ? Level.WARNING : Level.INFO);
    OURS.setLevel(verbosity == 0 ? Level.WARNING : verbosity == 1 ? Level.FINE : Level.FINER);
    ALL.addHandler(new Lines(output, verbosity > 1));
  }

  /** A line for each message; with -vv the name of its logger and the trace of its failure too. */
  private static final class Lines extends Handler {

    private static final Formatter MESSAGES = new SimpleFormatter();

    private final Output output;
    private final boolean verbose;

    /** Each warning is told once a command. */
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    Lines(Output output, boolean verbose) {
      this.output = output;
      this.verbose = verbose;
    }

    @Override
    public void publish(LogRecord record) {
      String message = MESSAGES.formatMessage(record);
      boolean warns = record.getLevel().intValue() >= Level.WARNING.intValue();
      if (warns && !warned.add(message)) {
        return; // of another store with the same settings, say
      }
      String kind = warns ? "warning: " : "";
      String name = verbose ? record.getLoggerName() + ": " : "";
      output.note(kind + name + message);
      if (verbose && record.getThrown() != null) {
        output.trace(record.getThrown());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
