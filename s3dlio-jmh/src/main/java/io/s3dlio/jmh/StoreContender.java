package io.s3dlio.jmh;

import io.s3dlio.BytesView;
import io.s3dlio.GetItem;
import io.s3dlio.GetResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ManyStream;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** This library on files. */
final class StoreContender implements Contender {

  private final ObjectStore store;
  private final String scheme;
  private final FileSet files;
  private final ObjectUri object;
  private final List<GetItem> many;
  private int puts;

  /**
   * Opens a store.
   *
   * @param scheme file or direct
   */
  StoreContender(FileSet files, String scheme) throws IOException {
    this.files = files;
    this.scheme = scheme;
    this.object = uri(files.object());
    this.many = files.many().stream().map(file -> GetItem.of(uri(file))).toList();
    this.store = open(files, uri(files.directory()));
  }

  static ObjectStore open(FileSet files, ObjectUri uri) throws IOException {
    StoreConfig config =
        StoreConfig.defaults()
            .with(StoreConfig.MAX_CONCURRENCY, String.valueOf(files.depth()))
            .with("file.fsync", String.valueOf(files.fsync()));
    return ObjectStores.open(uri.toString(), config);
  }

  private ObjectUri uri(Path file) {
    return ObjectUri.parse(scheme + "://" + file);
  }

  @Override
  public String name() {
    return "s3dlio " + scheme + "://";
  }

  @Override
  public int objects(Work work) {
    return work == Work.MANY ? many.size() : 1;
  }

  @Override
  public void run(Work work, int size) throws IOException {
    switch (work) {
      case GET -> {
        try (BytesView bytes = store.get(object)) {
          Contender.check(bytes.size(), size);
        }
      }
      case PUT -> store.put(uri(files.put(puts++)), files.memory().slice(0, size));
      case MANY -> {
        try (ManyStream stream = store.streamMany(many, ManyOptions.DEFAULT)) {
          while (stream.hasNext()) {
            try (GetResult one = stream.next().get()) {
              Contender.check(one.bytes().size(), size);
            }
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
