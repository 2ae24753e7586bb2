package io.s3dlio.file;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.layer.ConcurrencyLimit;
import io.s3dlio.layer.KeyPrefix;
import io.s3dlio.layer.Metrics;
import io.s3dlio.layer.RateLimit;
import io.s3dlio.layer.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** All layers at once over files; the prefix makes a directory the root. */
class LayeredContractTest extends FileContractTest {

  private static final ObjectUri ROOT = ObjectUri.parse("file:///");

  @Override
  protected ObjectUri base() throws IOException {
    Files.createDirectories(directory.resolve("objects"));
    return ROOT.withKey("objects/");
  }

  @Override
  public ObjectUri newBucket() {
    return ROOT.withKey(unique() + "/");
  }

  @Override
  public ObjectUri buckets() {
    return ROOT;
  }

  @Override
  protected ObjectStore open(StoreConfig config, RequestListener listener)
      throws ObjectStoreException {
    KeyPrefix prefix = new KeyPrefix(directory.toString().substring(1) + "/");
    return ObjectStores.open(
        here(),
        config,
        prefix.listener(listener),
        List.of(
            new Metrics(),
            new Recording(100),
            new ConcurrencyLimit(4),
            RateLimit.requests(5000),
            RateLimit.bytes(1e9),
            prefix));
  }
}
