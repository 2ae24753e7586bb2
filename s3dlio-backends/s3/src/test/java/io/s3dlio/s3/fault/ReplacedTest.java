package io.s3dlio.s3.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.PreconditionFailedException;
import io.s3dlio.PutOptions;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.testkit.fault.Exchange;
import io.s3dlio.testkit.fault.Fault;
import io.s3dlio.testkit.fault.Fault.Moment;
import io.s3dlio.testkit.fault.S3Action;
import io.s3dlio.testkit.fault.Schedule;
import io.s3dlio.testkit.server.TestServers;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An object that is replaced by another of the same size while its parts are read. */
class ReplacedTest {

  private static final int RUNS = Integer.getInteger("s3dlio.fault.runs", 5);

  @ParameterizedTest
  @ValueSource(strings = {"netty", "sdk"})
  void isNeverReadAsAMixture(String transport) throws Exception {
    try (S3Rig rig = new S3Rig(TestServers.minio(), "s3.transport", transport)) {
      ObjectUri uri = rig.uri("object");
      for (int run = 0; run < RUNS; run++) {
        put(rig, uri, run);
        rig.clear();
        int replacement = 100 + run;
        int when = 2 + run % 9;
        AtomicInteger gets = new AtomicInteger();
        // Asked under a lock: requests that come meanwhile go on when the other object is there.
        rig.proxy()
            .inject(
                new Fault.Delay(Moment.REQUEST, Duration.ZERO),
                Schedule.<Exchange>once()
                    .matching(
                        e -> {
                          boolean now =
                              e.action() == S3Action.GET_OBJECT && gets.incrementAndGet() == when;
                          if (now) {
                            put(rig, uri, replacement);
                          }
                          return now;
                        }));
        try (ObjectStore store = rig.open()) {
          assertThatThrownBy(() -> store.get(uri).close())
              .as("run %d", run)
              .isInstanceOf(PreconditionFailedException.class);
          assertThat(store.pool().used()).isZero();
        }
        assertThat(gets).as("it was replaced").hasValueGreaterThanOrEqualTo(when);
        List<Exchange> all = rig.proxy().exchanges(S3Action.GET_OBJECT);
        // Not the first of the list: requests of the run before may still arrive.
        assertThat(all).filteredOn(e -> e.header("If-Match").isEmpty()).hasSize(1);
        assertThat(all).extracting(Exchange::status).contains(412);
      }
    }
  }

  private static void put(S3Rig rig, ObjectUri uri, long seed) {
    try {
      rig.direct()
          .put(uri, GeneratorSpec.of(seed).object("k", rig.largeRead()), PutOptions.DEFAULT);
    } catch (ObjectStoreException e) {
      throw new UncheckedIOException(e);
    }
  }
}
