package io.s3dlio.buffer;

import io.s3dlio.ByteSink;
import io.s3dlio.BytesView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Memory of a pool that may be written. Whoever has it either freezes it, which makes a {@link
 * BytesView} of it, or closes it. Different ranges may be written by different threads; the rest is
 * for one thread.
 */
public final class Lease implements AutoCloseable {

  private final Storage storage;
  private List<ByteBuffer> pieces;

  Lease(Storage storage, List<ByteBuffer> pieces) {
    this.storage = storage;
    this.pieces = pieces;
  }

  /**
   * How many bytes were asked for.
   *
   * @return bytes
   */
  public long size() {
    return storage.size;
  }

  /**
   * The memory, in order, in pieces of at most 1 GiB, {@link #size()} bytes in all.
   *
   * @return writable buffers, each at position 0
   */
  public List<ByteBuffer> buffers() {
    return cut(held(), storage.size);
  }

  /**
   * A sink that writes into the memory.
   *
   * @return the sink, valid until this is closed or frozen
   */
  public ByteSink sink() {
    return new PiecesSink(held(), storage.size, storage.pool.maxSlab);
  }

  /**
   * Makes a view of what was written. This lease is spent.
   *
   * @return a view of all bytes, which the caller closes
   */
  public BytesView freeze() {
    List<ByteBuffer> memory = held();
    pieces = null;
    return new PooledView(storage, memory, cut(memory, storage.size));
  }

  /** Gives the memory back. Harmless when closed or frozen before. */
  @Override
  public void close() {
    if (pieces != null) {
      List<ByteBuffer> memory = pieces;
      pieces = null;
      storage.release(memory);
    }
  }

  /**
   * Gives the budget back, but does not let the memory be used again: for the case that somebody,
   * such as a request that was given up, may still be reading it. The garbage collector has the
   * rest.
   */
  public void abandon() {
    if (pieces != null) {
      pieces = null;
      storage.release(List.of());
    }
  }

  private List<ByteBuffer> held() {
    if (pieces == null) {
      throw new IllegalStateException("this memory was closed or frozen before");
    }
    return pieces;
  }

  private static List<ByteBuffer> cut(List<ByteBuffer> pieces, long size) {
    List<ByteBuffer> cut = new ArrayList<>(pieces.size());
    long left = size;
    for (ByteBuffer piece : pieces) {
      int n = (int) Math.min(left, piece.capacity());
      cut.add(piece.slice(0, n));
      left -= n;
    }
    return cut;
  }

  /** Writes across the borders of pieces. */
  private record PiecesSink(List<ByteBuffer> pieces, long size, int maxSlab) implements ByteSink {

    @Override
    public void write(long offset, ByteBuffer src) {
      Objects.checkFromIndexSize(offset, src.remaining(), size);
      long at = offset;
      int end = src.limit();
      while (src.position() < end) {
        ByteBuffer piece = pieces.get((int) (at / maxSlab));
        int inPiece = (int) (at % maxSlab);
        int n = Math.min(end - src.position(), piece.capacity() - inPiece);
        src.limit(src.position() + n);
        piece.duplicate().clear().position(inPiece).put(src);
        src.limit(end);
        at += n;
      }
    }

    @Override
    public ByteBuffer target(long offset, int length) {
      Objects.checkFromIndexSize(offset, length, size);
      ByteBuffer piece = pieces.get((int) (offset / maxSlab));
      int inPiece = (int) (offset % maxSlab);
      return length > piece.capacity() - inPiece ? null : piece.slice(inPiece, length);
    }
  }
}
