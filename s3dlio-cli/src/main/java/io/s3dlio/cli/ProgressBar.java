package io.s3dlio.cli;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The last line of a terminal, drawn anew five times a second until it is closed. */
final class ProgressBar implements AutoCloseable {

  private static final String ERASE = "\r\033[K";
  private static final int PERIOD_MILLIS = 200;
  private static final int WIDTH = 24;

  private final Output output;
  private final ScheduledExecutorService clock;

  ProgressBar(Output output, Supplier<String> text) {
    this.output = output;
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "s3dlio-progress");
              thread.setDaemon(true);
              return thread;
            });
    output.progress(this);
    clock.scheduleAtFixedRate(
        () -> output.redraw(ERASE + text.get()),
        PERIOD_MILLIS,
        PERIOD_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  /** A bar that is filled to a share between 0 and 1. */
  static String bar(double share) {
    int filled = (int) Math.round(WIDTH * Math.min(1, Math.max(0, share)));
    return "[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "]";
  }

  void erase() {
    output.redraw(ERASE);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    output.progress(null);
    erase();
  }
}
