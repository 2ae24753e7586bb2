package io.s3dlio.testkit;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.layer.ConcurrencyLimit;
import io.s3dlio.layer.KeyPrefix;
import io.s3dlio.layer.Layer;
import io.s3dlio.layer.Metrics;
import io.s3dlio.layer.RateLimit;
import io.s3dlio.layer.ReadOnly;
import io.s3dlio.layer.Recording;
import io.s3dlio.testkit.fault.FaultyBackend;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** The whole contract over every decorator there is. */
class LayersContractTest {

  abstract static class Layered extends MemoryContractTest {

    abstract List<Layer> layers();

    @Override
    protected ObjectStore open(StoreConfig config, RequestListener listener)
        throws ObjectStoreException {
      return ObjectStores.open(here(), config, listener, layers());
    }
  }

  @Nested
  class KeyPrefixContract extends Layered {
    private final KeyPrefix prefix = new KeyPrefix("under/a prefix/");

    @Override
    List<Layer> layers() {
      return List.of(prefix);
    }

    @Override
    protected ObjectStore open(StoreConfig config, RequestListener listener)
        throws ObjectStoreException {
      return super.open(config, prefix.listener(listener));
    }
  }

  /** Prefixes that end within a name, one over the other. */
  @Nested
  class TwoPrefixesContract extends Layered {
    private final KeyPrefix outer = new KeyPrefix("some/prefix/");
    private final KeyPrefix inner = new KeyPrefix("x-");

    @Override
    List<Layer> layers() {
      return List.of(outer, inner);
    }

    @Override
    protected ObjectStore open(StoreConfig config, RequestListener listener)
        throws ObjectStoreException {
      return super.open(config, inner.listener(outer.listener(listener)));
    }
  }

  @Nested
  class RecordingContract extends Layered {
    @Override
    List<Layer> layers() {
      return List.of(new Recording(100));
    }
  }

  @Nested
  class MetricsContract extends Layered {
    @Override
    List<Layer> layers() {
      return List.of(new Metrics());
    }
  }

  /** So few turns that nearly all requests wait for one. */
  @Nested
  class ConcurrencyLimitContract extends Layered {
    @Override
    List<Layer> layers() {
      return List.of(new ConcurrencyLimit(2));
    }
  }

  /** So slow that requests wait, and fast enough for a test. */
  @Nested
  class RateLimitContract extends Layered {
    @Override
    List<Layer> layers() {
      return List.of(RateLimit.requests(3000), RateLimit.bytes(300e6));
    }
  }

  /** What changes something goes past the layer, or there would be nothing to read. */
  @Nested
  class ReadOnlyContract extends Layered {
    @Override
    List<Layer> layers() {
      return List.of(below -> new WritesPast(below, new ReadOnly().over(below)));
    }
  }

  @Nested
  class FaultyBackendContract extends Layered {
    @Override
    List<Layer> layers() {
      return List.of(FaultyBackend::new);
    }
  }
}
