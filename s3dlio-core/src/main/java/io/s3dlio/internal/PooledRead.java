package io.s3dlio.internal;

import io.s3dlio.ByteSink;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.Verification;
import io.s3dlio.buffer.Lease;
import java.util.concurrent.CompletableFuture;

/**
 * A read of an object into pooled memory; in one go, or in steps for whoever has many of them. One
 * thread at a time works on it, beside the one that brings the answer.
 */
final class PooledRead implements Download.Destination, AutoCloseable {

  private static final String OPERATION = "get";

  private final Engine engine;
  private final ObjectUri uri;
  private final Download download;
  private final Scope scope = new Scope();
  private Lease lease;
  private volatile long landed;

  PooledRead(Engine engine, ObjectUri uri, GetOptions options, Pace pace) {
    this.engine = engine;
    this.uri = uri;
    this.download = new Download(scope, engine, OPERATION, uri, options, this, pace);
  }

  /** Reads all of it, waiting for each step. */
  GetResult run() throws ObjectStoreException {
    return result(download.run());
  }

  /** Makes the first request. */
  CompletableFuture<Void> ask() {
    return download.ask();
  }

  /** How many bytes there are, when the first request has succeeded. */
  long length() {
    return download.length();
  }

  /** How many of them are there, when the first request has succeeded. */
  long landed() throws ObjectStoreException {
    landed = download.landed();
    return landed;
  }

  /** What {@link #landed} has said. */
  long progress() {
    return landed;
  }

  /** Reads what the first answer did not bring; if it brought all, without waiting. */
  GetResult finish() throws ObjectStoreException {
    download.shut();
    return result(download.finish());
  }

  private synchronized GetResult result(Verification verification) {
    return new GetResult(download.meta(), download.offset(), lease.freeze(), verification);
  }

  /** Takes memory for this length if it is free; also before the object is asked for. */
  synchronized boolean reserve(long length) throws ObjectStoreException {
    return tryOpen(length) != null;
  }

  @Override
  public synchronized ByteSink tryOpen(long length) throws ObjectStoreException {
    if (lease != null && lease.size() != length) {
      giveBack();
    }
    if (lease == null) {
      lease = engine.pool().tryAcquire(length, new Purpose(OPERATION, uri)).orElse(null);
    }
    return lease == null ? null : lease.sink();
  }

  @Override
  public synchronized ByteSink open(long length) throws ObjectStoreException {
    if (lease == null) {
      lease = engine.memory(OPERATION, uri, length);
    }
    return lease.sink();
  }

  /** Gives up what is under way: whoever works on it soon hears of it. */
  void cancel() {
    scope.cancel();
  }

  /** Gives the memory back, unless it became a result. */
  @Override
  public void close() {
    download.shut(); // first: nobody writes into the memory any more
    giveBack();
  }

  private synchronized void giveBack() {
    if (lease != null) {
      lease.close();
      lease = null;
    }
  }
}
