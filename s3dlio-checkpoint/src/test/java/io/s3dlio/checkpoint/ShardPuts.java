package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.layer.Layer;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.StoreBackend;
import java.util.concurrent.CompletableFuture;

/** Something happens before a shard is put: it may wait, or fail. */
final class ShardPuts extends ForwardingBackend {

  /** What happens. */
  interface Before {
    void put() throws Exception;
  }

  private final Before before;

  private ShardPuts(StoreBackend backend, Before before) {
    super(backend);
    this.before = before;
  }

  static Layer after(Before before) {
    return backend -> new ShardPuts(backend, before);
  }

  @Override
  public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
    if (uri.key().matches(".*/rank-[0-9]+\\.(bin|safetensors)")) {
      try {
        before.put();
      } catch (ObjectStoreException e) {
        return CompletableFuture.failedFuture(e);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    return super.put(uri, payload, options);
  }

  /** Until a thread waits for something. */
  static void awaitWaiting(Thread thread) {
    while (!isWaiting(thread) && thread.isAlive()) {
      Thread.onSpinWait();
    }
  }

  static boolean isWaiting(Thread thread) {
    Thread.State state = thread.getState();
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }
}
