package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All three clouds on one class path: each gets as far as a network where nobody listens. */
class AllCloudsTest {

  @ParameterizedTest
  @CsvSource({
    "s3, s3://bucket/key",
    "az, az://account/container/key",
    "gs, gs://bucket/key",
  })
  void speaks(String settings, String uri) throws ObjectStoreException {
    StoreConfig config =
        StoreConfig.defaults()
            .with(settings + ".endpoint", "http://127.0.0.1:1")
            .with(settings + ".anonymous", "true")
            .with(StoreConfig.RETRY_MAX_ATTEMPTS, "1");
    try (ObjectStore store = ObjectStores.open(uri, config)) {
      ObjectStoreException e =
          assertThrows(ObjectStoreException.class, () -> store.head(ObjectUri.parse(uri)));
      assertEquals(Kind.UNAVAILABLE, e.kind(), e.getMessage());
    }
  }
}
