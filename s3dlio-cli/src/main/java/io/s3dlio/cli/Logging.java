package io.s3dlio.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What is logged, on standard error: warnings of s3dlio itself; with -v what it does, and warnings
 * of the libraries; with -vv all that it has to say.
 */
final class Logging {

  /** Held here, for the log manager forgets loggers that nobody holds. */
  private static final Logger ALL = Logger.getLogger("");

  private static final Logger OURS = Logger.getLogger("io.s3dlio");

  private Logging() {}

  static void configure(int verbosity) {
    LogManager.getLogManager().reset();
    ALL.setLevel(verbosity == 0 ? Level.OFF : verbosity == 1 ? Level.WARNING : Level.INFO);
    OURS.setLevel(verbosity == 0 ? Level.WARNING : verbosity == 1 ? Level.FINE : Level.FINER);
    Handler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new OneLine(verbosity > 1));
    ALL.addHandler(handler);
  }

  private static final class OneLine extends Formatter {

    private final boolean traces;

    OneLine(boolean traces) {
      this.traces = traces;
    }

    @Override
    public String format(LogRecord record) {
      StringBuilder line = new StringBuilder("s3dlio: ");
      if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
        line.append("warning: ");
      }
      if (traces) {
        line.append(record.getLoggerName()).append(": ");
      }
      line.append(Printable.of(formatMessage(record))).append('\n');
      if (traces && record.getThrown() != null) {
        StringWriter trace = new StringWriter();
        record.getThrown().printStackTrace(new PrintWriter(trace));
        trace.toString().lines().forEach(l -> line.append(Printable.of(l.strip())).append('\n'));
      }
      return line.toString();
    }
  }
}
