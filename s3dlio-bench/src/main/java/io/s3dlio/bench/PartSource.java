package io.s3dlio.bench;

import io.s3dlio.ByteSource;
import io.s3dlio.datagen.GeneratedObject;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of a part of a tensor, made when they are read. */
record PartSource(GeneratedObject whole, Runs runs) implements ByteSource {

  @Override
  public long size() {
    return runs.size();
  }

  @Override
  public void read(long offset, ByteBuffer dst) throws IOException {
    runs.forEach(offset, dst, whole::read);
  }
}
