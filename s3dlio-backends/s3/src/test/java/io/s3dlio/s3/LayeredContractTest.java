package io.s3dlio.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.layer.ConcurrencyLimit;
import io.s3dlio.layer.KeyPrefix;
import io.s3dlio.layer.Metrics;
import io.s3dlio.layer.OperationMetrics;
import io.s3dlio.layer.RateLimit;
import io.s3dlio.layer.Recording;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** All layers at once over a network, where a request goes on when its caller has it. */
class LayeredContractTest extends MinioContractTest {

  private static final int LONGEST_KEY = 1024;
  private static final List<LayeredContractTest> ALL = new ArrayList<>();

  private final Metrics metrics = new Metrics();
  private final ConcurrencyLimit limit = new ConcurrencyLimit(8);
  private final KeyPrefix prefix = new KeyPrefix("p/");

  LayeredContractTest() {
    ALL.add(this);
  }

  @Override
  protected ObjectStore open(StoreConfig config, RequestListener listener)
      throws ObjectStoreException {
    return ObjectStores.open(
        here(),
        config,
        prefix.listener(listener),
        List.of(
            metrics,
            new Recording(100),
            limit,
            RateLimit.requests(5000),
            RateLimit.bytes(1e9),
            prefix));
  }

  /** Whatever has become of requests; the stores are closed by then. */
  @AfterAll
  static void allHaveEnded() {
    assertThat(ALL).hasSizeGreaterThan(100);
    for (LayeredContractTest test : ALL) {
      assertThat(test.limit.waiting()).isZero();
      assertThat(test.metrics.snapshot().operations().values())
          .extracting(OperationMetrics::inFlight)
          .allMatch(inFlight -> inFlight == 0);
    }
    ALL.clear();
  }

  /** The prefix is part of the key. */
  @Test
  @Override
  public void theLongestKeyIsStored() throws Exception {
    String tooLong = "k/".repeat((LONGEST_KEY - "p/".length()) / 2) + "k";
    ObjectUri uri = here().withKey(tooLong);
    ObjectStoreException e =
        catchThrowableOfType(
            ObjectStoreException.class, () -> store().put(uri, ByteBuffer.allocate(1)));
    assertThat(e.kind()).isEqualTo(Kind.INVALID);
    assertThat(e.uri()).contains(uri);
    store().put(here().withKey(tooLong.substring(2)), ByteBuffer.allocate(1));
  }
}
