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
  private final long wanted;
  private final boolean inPlace;
  private final CRC32C crc;
  private final ProgressListener progress;

  private long count;
  private ByteBuffer target;
  private long targetOffset;
  private boolean shut;

  /**
   * A region of a sink.
   *
   * @param destination the sink
   * @param base where the region begins
   * @param wanted how long it is
   * @param inPlace whether the destination's memory may be handed out: only to the thread that
   *     waits for the answer. Any other might fill it when the answer was given up and the memory
   *     belongs to someone else
   * @param withCrc whether to take the CRC
   * @param progress hears of what lands
   */
  LandingSink(
      ByteSink destination,
      long base,
      long wanted,
      boolean inPlace,
      boolean withCrc,
      ProgressListener progress) {
    this.destination = destination;
    this.base = base;
    this.wanted = wanted;
    this.inPlace = inPlace;
    this.crc = withCrc ? new CRC32C() : null;
    this.progress = progress;
  }

  @Override
  public synchronized void write(long offset, ByteBuffer src) throws IOException {
    int n = src.remaining();
    checkNext(offset, n);
    if (crc != null) {
      crc.update(src.duplicate());
    }
    try {
      destination.write(base + offset, src);
    } catch (RuntimeException e) {
      throw new IOException("the sink failed: " + e, e);
    }
    landed(n);
  }

  @Override
  public synchronized ByteBuffer target(long offset, int length) {
    boolean possible = inPlace && !shut && offset >= 0 && length <= wanted - offset;
    target = possible ? destination.target(base + offset, length) : null;
    targetOffset = offset;
    return target;
  }

  @Override
  public synchronized void filled(long offset, int length) throws IOException {
    checkNext(offset, length);
    if (crc != null) {
      crc.update(target.slice((int) (offset - targetOffset), length));
    }
    try {
      destination.filled(base + offset, length);
    } catch (RuntimeException e) {
      throw new IOException("the sink failed: " + e, e);
    }
    landed(length);
  }

  private void checkNext(long offset, int length) throws IOException {
    if (shut) {
      throw new IOException("this read was given up");
    }
    if (offset != count || length > wanted - count) {
      throw new IOException(
          length
              + " bytes at "
              + offset
              + " came where "
              + count
              + " of "
              + wanted
              + " were there");
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
