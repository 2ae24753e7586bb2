package io.s3dlio.layer;

import io.s3dlio.spi.StoreBackend;

/**
 * Something that goes between a store's engine and its backend, and sees single requests: a part, a
 * page, a batch of deletes. {@link io.s3dlio.ObjectStores#open(io.s3dlio.ObjectUri,
 * io.s3dlio.StoreConfig, io.s3dlio.RequestListener, java.util.List)} takes a list of them.
 *
 * <p>The layers of this package are thread-safe and hold nothing that has to be closed. One may lie
 * over several stores, which then share its limit, its figures or its record. Requests that a
 * backend repeats are below a layer and count as one; each attempt is told to the {@link
 * io.s3dlio.RequestListener}.
 */
@FunctionalInterface
public interface Layer {

  /**
   * Lays itself over a backend.
   *
   * @param backend does the work; closed with the result
   * @return a backend that does the same but for what the layer is there for
   */
  StoreBackend over(StoreBackend backend);
}
