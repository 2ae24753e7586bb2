package io.s3dlio.testkit.fault;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;

/** Moves bytes of a body from one side to the other. */
final class BodyMover {

  static final long NO_LIMIT = Long.MAX_VALUE;

  private static final int CHUNK = 64 << 10;

  /** How often a throttled body goes on. */
  private static final int STEPS_PER_SECOND = 50;

  private BodyMover() {}

  static void move(InputStream from, long length, OutputStream to, long bytesPerSecond)
      throws IOException {
    boolean slow = bytesPerSecond != NO_LIMIT;
    byte[] chunk =
        new byte
            [slow ? (int) Math.max(1, Math.min(CHUNK, bytesPerSecond / STEPS_PER_SECOND)) : CHUNK];
    for (long left = length; left > 0; ) {
      int n = from.read(chunk, 0, (int) Math.min(left, chunk.length));
      if (n < 0) {
        throw new EOFException(left + " of " + length + " bytes are missing");
      }
      to.write(chunk, 0, n);
      to.flush();
      left -= n;
      if (slow) {
        pause(Duration.ofNanos(n * 1_000_000_000L / bytesPerSecond));
      }
    }
    to.flush();
  }

  static void pause(Duration time) throws IOException {
    try {
      Thread.sleep(time.toMillis(), time.toNanosPart() % 1_000_000);
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
  }
}
