package io.s3dlio.formats;

import io.s3dlio.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.Checksum;

/** Ways to read a source. */
final class Reads {

  private static final int STEP = 64 << 10;

  private Reads() {}

  /** Reads so many bytes into a buffer that has room for more. */
  static void some(ByteSource source, long offset, int length, ByteBuffer dst) throws IOException {
    int limit = dst.limit();
    try {
      source.read(offset, dst.limit(dst.position() + length));
    } finally {
      dst.limit(limit);
    }
  }

  /** Adds all bytes to a checksum. */
  static void all(ByteSource source, Checksum sum) throws IOException {
    ByteBuffer step = ByteBuffer.allocate((int) Math.min(STEP, source.size()));
    for (long at = 0; at < source.size(); at += step.limit()) {
      step.clear().limit((int) Math.min(step.capacity(), source.size() - at));
      source.read(at, step);
      sum.update(step.flip());
    }
  }
}
