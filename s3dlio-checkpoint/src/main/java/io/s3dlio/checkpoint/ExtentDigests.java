package io.s3dlio.checkpoint;

import io.s3dlio.ByteSink;
import io.s3dlio.ObjectStoreException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;

/** Compares the bytes of a shard, which come in order, with the SHA-256 of each extent. */
final class ExtentDigests implements ByteSink {

  private final StoredShard shard;
  private final Deque<Extent> left;
  private MessageDigest digest = Sha256.begin();

  ExtentDigests(StoredShard shard) {
    this.shard = shard;
    this.left = new ArrayDeque<>(shard.description().extents());
  }

  @Override
  public void write(long offset, ByteBuffer src) throws ObjectStoreException {
    long at = offset;
    while (src.hasRemaining()) {
      Extent extent = left.element();
      long end = extent.offset() + extent.length();
      int n = (int) Math.min(src.remaining(), end - at);
      digest.update(src.slice(src.position(), n));
      src.position(src.position() + n);
      at += n;
      if (at == end) {
        finish();
      }
    }
  }

  private void finish() throws ObjectStoreException {
    Extent extent = left.remove();
    String actual = Sha256.end(digest);
    digest = Sha256.begin();
    if (!actual.equals(extent.sha256())) {
      throw shard.corrupt(
          "%s: the SHA-256 of %d bytes at %d is %s and must be %s"
              .formatted(
                  shard.nameOf(extent.offset()),
                  extent.length(),
                  extent.offset(),
                  actual,
                  extent.sha256()));
    }
  }

  /** What is left has no bytes. */
  void end() throws ObjectStoreException {
    while (!left.isEmpty()) {
      finish();
    }
  }
}
