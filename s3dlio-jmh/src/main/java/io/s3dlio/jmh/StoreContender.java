package io.s3dlio.jmh;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** This library on files. */
final class StoreContender implements Contender {

  private final ObjectStore store;
  private final ObjectUri base;
  private final String object;
  private final ByteBuffer memory;
  private int puts;

  /**
   * Opens a store.
   *
   * @param object the name of the file that is read
   * @param scheme file or direct
   * @param memory what is put, as large as the largest object
   */
  StoreContender(Path directory, String object, String scheme, int depth, ByteBuffer memory)
      throws IOException {
    this.base = ObjectUri.parse(scheme + "://" + directory);
    this.object = object;
    this.memory = memory;
    this.store =
        ObjectStores.open(
            base.toString(),
            StoreConfig.defaults()
                .with(StoreConfig.MAX_CONCURRENCY, String.valueOf(depth))
                .with("file.fsync", "false"));
  }

  @Override
  public String name() {
    return "s3dlio " + base.scheme() + "://";
  }

  @Override
  public void run(Work work, int size) throws IOException {
    if (work == Work.PUT) {
      store.put(base.resolve(FileCost.PUT + puts++), memory.slice(0, size));
      return;
    }
    try (BytesView bytes = store.get(base.resolve(object))) {
      if (bytes.size() != size) {
        throw new IllegalStateException(bytes.size() + " bytes in place of " + size);
      }
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
