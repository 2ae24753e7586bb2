package io.s3dlio.checkpoint;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.zip.CRC32C;

/**
 * The shard of a rank, as it lies in the store.
 *
 * @param kept the checkpoint
 * @param description what the rank has written
 */
record StoredShard(Kept kept, ShardDescription description) {

  /** How much is read at a time where not all is wanted in memory, if the budget allows. */
  private static final long WINDOW = 64L << 20;

  /** The part of the budget that a window takes at most. */
  private static final int OF_BUDGET = 4;

  ObjectUri uri() {
    return kept.site()
        .places()
        .shard(description.attempt().id(), description.rank(), description.format());
  }

  /** All bytes. */
  BytesView read() throws ObjectStoreException {
    BytesView bytes = kept.from(uri(), () -> kept.site().store().get(uri()));
    try {
      Window all = new Window(0, description.bytes(), chunks());
      check(bytes, all, kept.site().options().verify());
      return bytes;
    } catch (ObjectStoreException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  private void check(BytesView bytes, Window window, boolean verify) throws ObjectStoreException {
    if (bytes.size() != window.length) {
      throw corrupt("%d bytes are there in place of %d".formatted(bytes.size(), window.length));
    }
    if (verify) {
      verify(ByteSources.of(bytes), window);
    }
  }

  CorruptCheckpointException corrupt(String what) {
    return new CorruptCheckpointException(
        uri(),
        "of step %d, rank %d: %s".formatted(kept.commit().step(), description.rank(), what),
        null);
  }

  private void verify(ByteSource bytes, Window window) throws ObjectStoreException {
    CRC32C crc = new CRC32C();
    for (Chunk chunk : window.chunks) {
      crc.reset();
      crc.update(content(bytes, chunk.offset - window.offset, chunk.length));
      if ((int) crc.getValue() != chunk.crc32c) {
        throw corrupt(
            "%s: the CRC-32C of %d bytes at %d is %08x and must be %08x"
                .formatted(
                    nameOf(chunk.offset),
                    chunk.length,
                    chunk.offset,
                    (int) crc.getValue(),
                    chunk.crc32c));
      }
    }
  }

  private static ByteBuffer content(ByteSource bytes, long offset, int length) {
    ByteBuffer view = bytes.view(offset, length);
    if (view != null) {
      return view;
    }
    ByteBuffer copy = ByteBuffer.allocate(length); // it lies across two pieces of memory
    try {
      bytes.read(offset, copy);
    } catch (IOException e) {
      throw new IllegalStateException("memory can be read", e);
    }
    return copy.flip();
  }

  String nameOf(long offset) {
    return description.parts().stream()
        .filter(part -> part.extent().attempt().equals(description.attempt().id()))
        .filter(part -> part.extent().offset() <= offset)
        .filter(part -> offset < part.extent().offset() + part.extent().length())
        .map(part -> "tensor '" + part.name() + "'")
        .findFirst()
        .orElse(description.format() == ShardFormat.OPAQUE ? "content" : "header");
  }

  /** Bytes with one checksum. */
  private record Chunk(long offset, int length, int crc32c) {
    long end() {
      return offset + length;
    }
  }

  /** Chunks that are read together: bytes one after the other. */
  private record Window(long offset, long length, List<Chunk> chunks) {
    static Window of(List<Chunk> chunks) {
      long begin = chunks.get(0).offset;
      return new Window(begin, chunks.get(chunks.size() - 1).end() - begin, chunks);
    }
  }

  /** A window that is on its way. */
  private record Ahead(Window window, CompletableFuture<GetResult> bytes) {}

  private List<Chunk> chunks() {
    List<Chunk> chunks = new ArrayList<>();
    for (Extent extent : description.extents()) {
      for (int i = 0; i < extent.crc32c().length; i++) {
        long begin = (long) i * Extent.CHUNK;
        int length = (int) Math.min(Extent.CHUNK, extent.length() - begin);
        chunks.add(new Chunk(extent.offset() + begin, length, extent.crc32c()[i]));
      }
    }
    return chunks;
  }

  /**
   * Piece by piece, in order. A window is begun when the one before has landed: two that wait for
   * memory might get it in the wrong order, and then wait for each other.
   */
  void readTo(ByteSink sink, boolean verify) throws ObjectStoreException {
    Iterator<Window> windows = windows().iterator();
    Ahead next = windows.hasNext() ? begin(windows.next()) : null;
    try {
      while (next != null) {
        Ahead read = next;
        next = null;
        try (BytesView bytes = landed(read)) {
          next = windows.hasNext() ? begin(windows.next()) : null;
          check(bytes, read.window, verify);
          write(bytes, read.window.offset, sink);
        }
      }
    } finally {
      if (next != null) {
        giveUp(next.bytes);
      }
    }
  }

  /** What is there already is closed here, and what comes later by the store. */
  private static void giveUp(CompletableFuture<GetResult> read) {
    if (!read.cancel(true) && !read.isCompletedExceptionally()) {
      read.join().close();
    }
  }

  /** Some chunks, at random. */
  void verifySample(int count, Random random) throws ObjectStoreException {
    List<Chunk> chunks = chunks();
    for (int i = 0; i < Math.min(count, chunks.size()); i++) {
      Chunk chunk = chunks.remove(random.nextInt(chunks.size()));
      Window window = Window.of(List.of(chunk));
      try (BytesView bytes = landed(begin(window))) {
        check(bytes, window, true);
      }
    }
  }

  private Ahead begin(Window window) {
    GetOptions options = GetOptions.DEFAULT.withRange(ByteRange.of(window.offset, window.length));
    return new Ahead(window, kept.site().store().async().get(uri(), options));
  }

  private BytesView landed(Ahead read) throws ObjectStoreException {
    return kept.from(uri(), () -> result(read.bytes).bytes());
  }

  private void write(BytesView bytes, long offset, ByteSink sink) throws ObjectStoreException {
    long at = offset;
    try {
      for (ByteBuffer piece : bytes.asByteBuffers()) {
        int length = piece.remaining();
        sink.write(at, piece);
        at += length;
      }
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw new ObjectStoreException(
          Kind.UNKNOWN, "checkpoint", uri(), "the sink took no bytes: " + e.getMessage(), e);
    }
  }

  private List<Window> windows() {
    long size = Math.min(WINDOW, kept.site().store().pool().limit() / OF_BUDGET);
    List<Window> windows = new ArrayList<>();
    List<Chunk> chunks = chunks();
    int from = 0;
    for (int i = 0; i < chunks.size(); i++) {
      boolean full = chunks.get(i).end() - chunks.get(from).offset >= size;
      if (full || i == chunks.size() - 1) {
        windows.add(Window.of(chunks.subList(from, i + 1)));
        from = i + 1;
      }
    }
    return windows;
  }

  private GetResult result(CompletableFuture<GetResult> future) throws ObjectStoreException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ObjectStoreException known) {
        throw known.kind() == Kind.RANGE_NOT_SATISFIABLE ? corrupt("it is too short") : known;
      }
      throw new ObjectStoreException(
          Kind.UNKNOWN, "checkpoint", uri(), "reading failed", e.getCause());
    } catch (InterruptedException e) {
      giveUp(future);
      Thread.currentThread().interrupt();
      throw new ObjectStoreException(
          Kind.CANCELLED, "checkpoint", uri(), "the thread was interrupted", e);
    }
  }

  /** All bytes with their SHA-256, which takes longer than what every read compares. */
  void verifyAll() throws ObjectStoreException {
    ExtentDigests digests = new ExtentDigests(this);
    readTo(digests, true);
    digests.end();
  }
}
