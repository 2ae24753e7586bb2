package io.s3dlio.jmh;

import io.s3dlio.ObjectReader;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import io.s3dlio.ObjectWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** This library's streams, read and written piece by piece. */
final class StreamContender implements Contender {

  private final FileSet files;
  private final ObjectUri object;
  private final ObjectStore store;
  private final ByteBuffer piece = ByteBuffer.allocateDirect(FileSet.PIECE);
  private int puts;

  StreamContender(FileSet files, String scheme) throws IOException {
    this.files = files;
    this.object = ObjectUri.parse(scheme + "://" + files.object());
    this.store = StoreContender.open(files, object);
  }

  @Override
  public String name() {
    return "s3dlio " + object.scheme() + "://";
  }

  @Override
  public void run(Work work, int size) throws IOException {
    if (work == Work.GET) {
      read(size);
    } else {
      write(size);
    }
  }

  private void read(int size) throws IOException {
    try (ObjectReader reader = store.reader(object)) {
      long read = 0;
      for (int n = 0; n >= 0; n = reader.read(piece.clear())) {
        read += n;
      }
      Contender.check(read, size);
    }
  }

  private void write(int size) throws IOException {
    ObjectUri target = ObjectUri.parse(object.scheme() + "://" + files.put(puts++));
    try (ObjectWriter writer = store.writer(target)) {
      for (int at = 0; at < size; ) {
        at += writer.write(files.memory().slice(at, Math.min(FileSet.PIECE, size - at)));
      }
      writer.finish();
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
