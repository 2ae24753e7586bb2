package io.s3dlio.jmh;

import io.s3dlio.BytesView;
import io.s3dlio.GetItem;
import io.s3dlio.GetManyResult;
import io.s3dlio.GetResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.Outcome;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;

/** This library. */
final class LibraryContender implements Contender {

  private final String name;
  private final String base;
  private final ObjectStore store;
  private final ByteBuffer memory;

  /**
   * Opens a store.
   *
   * @param base before all keys
   * @param config names the endpoint
   * @param memory what is put, as large as the largest object
   */
  LibraryContender(String name, String base, StoreConfig config, ByteBuffer memory)
      throws IOException {
    this.name = name;
    this.base = base;
    this.store = ObjectStores.open(base, config);
    this.memory = memory;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run(Work work, int size) throws Exception {
    ObjectUri uri = ObjectUri.parse(base + size + "/key");
    switch (work) {
      case GET -> {
        try (BytesView bytes = store.get(uri)) {
          Contender.check(bytes.size(), size);
        }
      }
      case PUT -> store.put(uri, memory.slice(0, size));
      case MANY -> {
        List<GetItem> items = Collections.nCopies(MANY, GetItem.of(uri));
        ManyOptions options = ManyOptions.DEFAULT.withConcurrency(IN_FLIGHT);
        try (GetManyResult got = store.getMany(items, options)) {
          for (Outcome<GetResult> one : got.outcomes()) {
            Contender.check(one.get().bytes().size(), size);
          }
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
