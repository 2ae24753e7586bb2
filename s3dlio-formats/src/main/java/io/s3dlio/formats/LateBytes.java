package io.s3dlio.formats;

import io.s3dlio.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A few bytes that are only known when they are first read. Thread-safe. */
final class LateBytes implements ByteSource {

  /** Makes the bytes. */
  @FunctionalInterface
  interface Maker {
    byte[] make() throws IOException;
  }

  private final int size;
  private final Maker maker;
  private byte[] bytes;

  LateBytes(int size, Maker maker) {
    this.size = size;
    this.maker = maker;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long offset, ByteBuffer dst) throws IOException {
    Objects.checkFromIndexSize(offset, dst.remaining(), size);
    if (dst.hasRemaining()) {
      dst.put(bytes(), (int) offset, dst.remaining());
    }
  }

  private synchronized byte[] bytes() throws IOException {
    if (bytes == null) {
      byte[] made = maker.make();
      if (made.length != size) {
        throw new AssertionError("%d bytes, and not %d".formatted(made.length, size));
      }
      bytes = made;
    }
    return bytes;
  }
}
