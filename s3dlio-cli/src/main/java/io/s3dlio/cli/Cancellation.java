package io.s3dlio.cli;

/**
 * Ctrl-C: the JVM ends with status 130, but first what was begun is given up, so that no temporary
 * file and no unfinished upload stays behind.
 */
final class Cancellation {

  /** What giving up may take. */
  private static final long GRACE_MILLIS = 15_000;

  private Cancellation() {}

  /** Interrupts a thread when the JVM is told to end, and waits for it. */
  static Thread onShutdown(Thread worker) {
    Thread hook =
        new Thread(
            () -> {
              worker.interrupt();
              try {
                worker.join(GRACE_MILLIS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "s3dlio-cancel");
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  /** Whether the JVM is still to be ended; false if a signal ends it and waits for this thread. */
  static boolean isOver(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
