package io.s3dlio.security;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What our loggers say. */
final class Warnings {

  private Warnings() {}

  interface Action {
    void run() throws Exception;
  }

  static List<String> during(Action action) throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger("io.s3dlio");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            told.add(record.getLevel() + " " + record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      action.run();
    } finally {
      logger.removeHandler(handler);
    }
    return told;
  }
}
