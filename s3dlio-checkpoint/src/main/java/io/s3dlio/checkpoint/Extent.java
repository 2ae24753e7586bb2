package io.s3dlio.checkpoint;

import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;

/**
 * Bytes that lie in one piece in the shard of a rank, and what they must be. The shard may be that
 * of an earlier attempt, whose bytes are referred to.
 *
 * @param attempt which wrote the shard
 * @param rank whose shard it is
 * @param offset where the bytes begin, from the start of the shard
 * @param length how many
 * @param crc32c of every {@link #CHUNK} bytes, counted from the offset, and of the rest
 * @param sha256 of all, in hexadecimal
 */
record Extent(UUID attempt, int rank, long offset, long length, int[] crc32c, String sha256) {

  /** What a checksum is for: the least that is read to verify a byte. */
  static final int CHUNK = 1 << 20;

  Extent {
    if (rank < 0 || offset < 0 || length < 0 || offset + length < 0) {
      throw new IllegalArgumentException("no bytes at " + offset + " of " + length + " bytes");
    }
    if (crc32c.length < chunks(length)) { // more than that in tests, whose chunks are smaller
      throw new IllegalArgumentException(crc32c.length + " checksums of " + length + " bytes");
    }
  }

  static long chunks(long length) {
    return length / CHUNK + (length % CHUNK == 0 ? 0 : 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Extent that
        && attempt.equals(that.attempt)
        && rank == that.rank
        && offset == that.offset
        && length == that.length
        && Arrays.equals(crc32c, that.crc32c)
        && sha256.equals(that.sha256);
  }

  @Override
  public int hashCode() {
    return Objects.hash(attempt, rank, offset, length, sha256);
  }

  @Override
  public String toString() {
    return length + " bytes at " + offset + " of rank " + rank + " of " + attempt;
  }
}
