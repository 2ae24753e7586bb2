package io.s3dlio.formats;

import io.s3dlio.ByteSource;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Nothing but zeros. */
record ZeroBytes(long size) implements ByteSource {

  @Override
  public void read(long offset, ByteBuffer dst) {
    Objects.checkFromIndexSize(offset, dst.remaining(), size);
    while (dst.remaining() >= Long.BYTES) {
      dst.putLong(0);
    }
    while (dst.hasRemaining()) {
      dst.put((byte) 0);
    }
  }
}
