package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestLogTest {

  private static final ObjectUri URI = ObjectUri.parse("memory://request-log/a");

  private final Logger logger = Logger.getLogger("io.s3dlio.memory");
  private final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stop() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
    logger.setLevel(null);
  }

  @Test
  void writesALineARequestAtDebug() throws Exception {
    logger.setLevel(Level.FINE);
    putAndGet(3);
    assertThat(records).extracting(LogRecord::getLevel).containsExactly(Level.FINE, Level.FINE);
    assertThat(records.get(0).getMessage()).startsWith("put " + URI + ": 3 bytes in ");
    assertThat(records.get(1).getMessage()).startsWith("get " + URI + ": 3 bytes in ");
  }

  @Test
  void writesALineAPartAtTrace() throws Exception {
    logger.setLevel(Level.FINER);
    putAndGet(200_000);
    assertThat(records)
        .filteredOn(r -> r.getMessage().startsWith("putPart"))
        .hasSize(4)
        .allMatch(r -> r.getLevel() == Level.FINER);
  }

  private static void putAndGet(int size) throws Exception {
    StoreConfig config =
        StoreConfig.defaults().with("part-size", "64KiB").with("multipart-threshold", "128KiB");
    try (ObjectStore store = ObjectStores.open(URI.toString(), config)) {
      store.put(URI, ByteBuffer.allocate(size));
      store.get(URI).close();
    }
  }
}
