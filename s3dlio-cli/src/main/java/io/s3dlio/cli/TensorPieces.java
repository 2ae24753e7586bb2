package io.s3dlio.cli;

import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import io.s3dlio.checkpoint.Checkpoint;
import io.s3dlio.checkpoint.CheckpointTensor;
import io.s3dlio.checkpoint.TensorRead;
import io.s3dlio.checkpoint.TensorSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads parts of a checkpoint's tensors piece by piece, many small tensors in one piece: in as much
 * memory as two pieces have, whatever the tensors' sizes.
 */
final class TensorPieces {

  private static final int PIECE = 16 << 20;
  private static final Duration MEMORY_TIMEOUT = Duration.ofMinutes(1);

  private final Checkpoint checkpoint;
  private final BufferPool memory;
  private final Taker taker;
  private final List<Box> batch = new ArrayList<>();
  private long batched;

  /** A part of a tensor. */
  record Part(CheckpointTensor tensor, TensorSlice slice) {
    long size() {
      return tensor.dtype().bytes(slice.shape());
    }
  }

  /** Takes what was read. */
  @FunctionalInterface
  interface Taker {
    /**
     * Takes bytes that were right by their checksums.
     *
     * @param offset in the part
     * @param bytes valid until this returns
     */
    void take(Part part, long offset, ByteBuffer bytes) throws IOException;
  }

  private record Box(Part part, long offset, TensorSlice slice, int size) {}

  private TensorPieces(Checkpoint checkpoint, BufferPool memory, Taker taker) {
    this.checkpoint = checkpoint;
    this.memory = memory;
    this.taker = taker;
  }

  /** Reads all of the parts, in order. */
  static void read(Checkpoint checkpoint, BufferPool memory, List<Part> parts, Taker taker)
      throws IOException {
    TensorPieces pieces = new TensorPieces(checkpoint, memory, taker);
    for (Part part : parts) {
      pieces.add(part);
    }
    pieces.readBatch();
  }

  private void add(Part part) throws IOException {
    long offset = 0;
    for (TensorSlice box : part.slice.cut(part.tensor.dtype(), PIECE)) {
      int size = Math.toIntExact(part.tensor.dtype().bytes(box.shape()));
      if (batched + size > 2 * PIECE) {
        readBatch();
      }
      batch.add(new Box(part, offset, box, size));
      batched += size;
      offset += size;
    }
  }

  private void readBatch() throws IOException {
    try (Lease lease = memory.acquire(batched, "a piece of " + checkpoint, MEMORY_TIMEOUT)) {
      List<TensorRead> reads = new ArrayList<>();
      ByteBuffer all = batched == 0 ? ByteBuffer.allocate(0) : lease.buffers().get(0);
      int at = 0;
      for (Box box : batch) {
        ByteBuffer destination = all.slice(at, box.size);
        reads.add(new TensorRead(box.part.tensor.name(), box.slice, List.of(destination)));
        at += box.size;
      }
      checkpoint.read(reads);
      for (int i = 0; i < reads.size(); i++) {
        Box box = batch.get(i);
        taker.take(box.part, box.offset, reads.get(i).destination().get(0));
      }
    }
    batch.clear();
    batched = 0;
  }
}
