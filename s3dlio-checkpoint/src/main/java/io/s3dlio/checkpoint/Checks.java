package io.s3dlio.checkpoint;

import io.s3dlio.ByteSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.CRC32C;

/**
 * What bytes must be: the CRC-32C of each chunk, and the SHA-256 of all.
 *
 * @param crc32c of every {@link Extent#CHUNK} bytes, and of the rest
 * @param sha256 of all, in hexadecimal
 */
record Checks(int[] crc32c, String sha256) {

  /**
   * Of all bytes of a source, in place where it has them in memory.
   *
   * @throws IOException what reading has thrown; an {@link InterruptedIOException} soon after the
   *     thread was interrupted
   */
  static Checks of(ByteSource source) throws IOException {
    long size = source.size();
    int[] crcs = new int[Math.toIntExact(Extent.chunks(size))];
    MessageDigest digest = Sha256.begin();
    CRC32C crc = new CRC32C();
    ByteBuffer room = null;
    for (int i = 0; i < crcs.length; i++) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("the thread was interrupted");
      }
      long at = (long) i * Extent.CHUNK;
      int length = (int) Math.min(Extent.CHUNK, size - at);
      ByteBuffer chunk = source.view(at, length);
      if (chunk == null) {
        room = room == null ? ByteBuffer.allocate(Extent.CHUNK) : room;
        source.read(at, room.clear().limit(length));
        chunk = room.flip();
      }
      crc.reset();
      crc.update(chunk.duplicate());
      crcs[i] = (int) crc.getValue();
      digest.update(chunk);
    }
    return new Checks(crcs, Sha256.end(digest));
  }
}
