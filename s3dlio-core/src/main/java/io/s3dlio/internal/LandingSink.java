package io.s3dlio.internal;

import io.s3dlio.ByteSink;
import io.s3dlio.ProgressListener;
import io.s3dlio.spi.InPlaceSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32C;

/**
 * Where the bytes of one answer land: a region of the destination. Counts them, takes their CRC on
 * the way, and can be shut, so that an answer which was given up writes no more.
 */
final class LandingSink implements InPlaceSink {

  private final ByteSink destination;
  private final long base;
  private final long wanted;
  private final boolean inPlace;
  private final CRC32C crc;
  private final ProgressListener progress;
  private final Pace.Watch watch;

  private long count;
  private ByteBuffer target;
  private long targetOffset;

  /** All of the region in the destination's memory; null if it has none, and once shut. */
  private ByteBuffer window;

  private boolean shut;

  /**
   * A region of a sink.
   *
   * @param destination the sink
   * @param base where the region begins
   * @param wanted how long it is
   * @param inPlace whether {@link #target} may hand the destination's memory out: only to the
   *     thread that waits for the answer. Any other might fill it when the answer was given up and
   *     the memory belongs to someone else; for those there is {@link #readFrom}
   * @param withCrc whether to take the CRC
   * @param progress hears of what lands
   * @param watch hears of it, too, and may end the answer
   */
  LandingSink(
      ByteSink destination,
      long base,
      long wanted,
      boolean inPlace,
      boolean withCrc,
      ProgressListener progress,
      Pace.Watch watch) {
    this.destination = destination;
    this.base = base;
    this.wanted = wanted;
    this.inPlace = inPlace;
    this.crc = withCrc ? new CRC32C() : null;
    this.progress = progress;
    this.watch = watch;
  }

  @Override
  public synchronized void write(long offset, ByteBuffer src) throws IOException {
    int n = src.remaining();
    checkNext(offset, n);
    if (crc != null) {
      int start = src.position();
      crc.update(src);
      src.position(start);
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

  @Override
  public synchronized boolean inPlace() {
    if (window == null && !shut && wanted > 0 && wanted <= Integer.MAX_VALUE) {
      window = destination.target(base, (int) wanted);
    }
    return window != null;
  }

  @Override
  public synchronized int readFrom(long offset, ReadableByteChannel channel, int most)
      throws IOException {
    int room = (int) Math.min(most, wanted - offset);
    checkNext(offset, room);
    if (window == null) {
      throw new IllegalStateException("not in place");
    }
    int start = (int) offset;
    window.limit(start + room).position(start);
    int n = channel.read(window);
    if (n <= 0) {
      return n;
    }
    if (crc != null) { // while the bytes are in the cache
      window.limit(start + n).position(start);
      crc.update(window);
    }
    try {
      destination.filled(base + offset, n);
    } catch (RuntimeException e) {
      throw new IOException("the sink failed: " + e, e);
    }
    landed(n);
    return n;
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

  private void landed(int n) throws IOException {
    count += n;
    progress.transferred(n);
    watch.landed(count);
  }

  synchronized long count() {
    return count;
  }

  /** The CRC of what has landed; 0 if none is taken. */
  synchronized int crc() {
    return crc == null ? 0 : (int) crc.getValue();
  }

  /** Lets no byte in any more; when it returns, none is being written. */
  synchronized void shut() {
    shut = true;
    window = null;
  }

  /** Shuts it for another attempt, whose bytes count anew. */
  synchronized void restart() {
    shut();
    if (count > 0) {
      progress.transferred(-count);
    }
  }
}
