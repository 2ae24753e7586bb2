package io.s3dlio.checkpoint;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A box of a tensor that is wanted, and the caller's memory for it.
 *
 * @param name of the tensor
 * @param slice which box
 * @param destination buffers that have together, from their positions to their limits, the size of
 *     the box; they stay as they are
 */
public record TensorRead(String name, TensorSlice slice, List<ByteBuffer> destination) {

  /** Copies the list. */
  public TensorRead {
    destination = List.copyOf(destination);
  }
}
