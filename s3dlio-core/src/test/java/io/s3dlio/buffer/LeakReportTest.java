package io.s3dlio.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

/** Views that are lost are reported in the log. */
class LeakReportTest {

  /** Keeps the logger, which is weakly held by its manager. */
  private final Logger logger = Logger.getLogger("io.s3dlio.buffer");

  private final Queue<String> reports = new ConcurrentLinkedQueue<>();

  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord log) {
          if (log.getLevel() == Level.WARNING) {
            reports.add(new SimpleFormatter().formatMessage(log));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private static void take(BufferPool pool, String holder, boolean close) throws Exception {
    BytesView view = pool.acquire(100, holder, Duration.ofSeconds(1)).freeze();
    BytesView slice = view.slice(0, 10);
    view.close();
    if (close) {
      slice.close();
    }
  }

  @Test
  void aLostViewIsReportedAndItsMemoryStaysTaken() throws Exception {
    BufferPool pool = BufferPool.ofLimit(64 << 10);
    logger.addHandler(listener);
    boolean useParent = logger.getUseParentHandlers();
    logger.setUseParentHandlers(false);
    try {
      take(pool, "closed", true);
      take(pool, "lost", false);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (reports.isEmpty() && System.nanoTime() < deadline) {
        System.gc();
        Thread.onSpinWait();
      }
      assertThat(reports)
          .containsExactly(
              "LEAK: 100 bytes were never closed: lost;"
                  + " -Ds3dlio.buffer.trace=true tells where they were taken");
      assertThat(pool.used()).isEqualTo(2L * BufferPool.ALIGNMENT);
    } finally {
      logger.setUseParentHandlers(useParent);
      logger.removeHandler(listener);
    }
  }

  /** Run with tracing, which is chosen when the JVM starts. */
  static final class Traced {
    public static void main(String[] args) throws Exception {
      BufferPool pool = BufferPool.ofLimit(8 << 10);
      takeForGood(pool);
      try {
        pool.acquire(1, "next", Duration.ofMillis(1)).close();
      } catch (ObjectStoreException e) {
        System.out.println(e.getMessage());
      }
    }

    private static void takeForGood(BufferPool pool) throws ObjectStoreException {
      pool.acquire(1, "first", Duration.ofMillis(1)).freeze();
    }
  }

  @Test
  void tracingTellsWhereMemoryWasTaken() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Ds3dlio.buffer.trace=true",
                "-cp",
                System.getProperty("java.class.path"),
                Traced.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("8KiB of 8KiB is held, by first (")
          .contains("LeakReportTest$Traced.takeForGood(LeakReportTest.java:");
    } finally {
      process.destroyForcibly();
    }
  }
}
