package io.s3dlio.internal;

import io.s3dlio.ByteSink;
import io.s3dlio.ProgressListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Where the bytes of one answer land: a region of the destination. Counts them, takes their CRC on
 * the way, and can be shut, so that an answer which was given up writes no more.
 */
final class LandingSink implements ByteSink {

  private final ByteSink destination;
  private final long base;
  private final CRC32C crc;
  private final ProgressListener progress;

  private long count;
  private ByteBuffer target;
  private boolean shut;

  LandingSink(ByteSink destination, long base, boolean withCrc, ProgressListener progress) {
    this.destination = destination;
    this.base = base;
    this.crc = withCrc ? new CRC32C() : null;
    this.progress = progress;
  }

  @Override
  public synchronized void write(long offset, ByteBuffer src) throws IOException {
    checkNext(offset);
    int n = src.remaining();
    if (crc != null) {
      crc.update(src.duplicate());
    }
    destination.write(base + offset, src);
    landed(n);
  }

  @Override
  public synchronized ByteBuffer target(long offset, int length) {
    target = shut ? null : destination.target(base + offset, length);
    return target;
  }

  @Override
  public synchronized void filled(long offset, int length) throws IOException {
    checkNext(offset);
    if (crc != null) {
      crc.update(target.duplicate().clear().limit(length));
    }
    destination.filled(base + offset, length);
    landed(length);
  }

  private void checkNext(long offset) throws IOException {
    if (shut) {
      throw new IOException("this read was given up");
    }
    if (offset != count) {
      throw new IOException("bytes at " + offset + " came where " + count + " was next");
    }
  }

  private void landed(int n) {
    count += n;
    progress.transferred(n);
  }

  synchronized long count() {
    return count;
  }

  /** The CRC of what has landed. */
  synchronized int crc() {
    return (int) crc.getValue();
  }

  /** Lets no byte in any more; when it returns, none is being written. */
  synchronized void shut() {
    shut = true;
  }

  /** Shuts it for another attempt, whose bytes count anew. */
  synchronized void restart() {
    shut = true;
    if (count > 0) {
      progress.transferred(-count);
    }
  }
}
