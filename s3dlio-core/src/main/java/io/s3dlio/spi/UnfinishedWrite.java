package io.s3dlio.spi;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What a write that has not ended has left in a store: by a process that died, or by one that is
 * still at it, which no store can tell apart.
 *
 * @param uri the object that was to be; of a temporary file, which does not say it, the file
 * @param abort removes what is there, and ends the write, as {@link PartUpload#abort} does; done
 *     also if it is gone by then. Leaves an object that the write has become meanwhile alone
 */
public record UnfinishedWrite(ObjectUri uri, Supplier<CompletableFuture<Void>> abort) {

  /** Fails with {@link NullPointerException} if anything is missing. */
  public UnfinishedWrite {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(abort, "abort");
  }

  /**
   * A write whose abort always fails.
   *
   * @param why what it fails with
   * @return a copy
   */
  public UnfinishedWrite refusing(ObjectStoreException why) {
    return new UnfinishedWrite(uri, () -> CompletableFuture.failedFuture(why));
  }
}
