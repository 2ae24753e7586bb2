package io.s3dlio.datagen;

import io.s3dlio.ByteSource;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import io.s3dlio.spi.FilledSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * Makes the bytes of uploads ahead of them, those of generated objects or of any other source whose
 * reads only take CPU time: the workers of a {@link GeneratorPool} fill pooled memory piece after
 * piece, an upload takes over what is filled and sends from it, and the memory goes back when it is
 * sent. Nothing is copied, and slabs are used again and again. When so much is filled that nobody
 * has taken yet, the workers rest until somebody does: a slow store slows them.
 *
 * <pre>{@code
 * try (GeneratorPool workers = new GeneratorPool();
 *     GeneratorRing ring = new GeneratorRing(workers, store.pool());
 *     GeneratorRing.Source<GeneratedObject> source = ring.open(object, store.requestSize(uri, object.size()))) {
 *   store.put(uri, source, PutOptions.DEFAULT);
 * }
 * }</pre>
 *
 * <p>All bytes are made on the workers, also those that were not made ahead when they are asked
 * for. Memory is taken ahead only if it is free and at most half of it, so that nobody waits for
 * what lies idle here.
 *
 * <p>Thread-safe. Close it after the uploads and before the pool of workers.
 */
public final class GeneratorRing implements AutoCloseable {

  /** How many bytes are made ahead unless told otherwise. */
  public static final long DEFAULT_AHEAD = 64L << 20;

  private static final int MAX_OBJECTS_AHEAD = 256;

  private final GeneratorPool workers;
  private final BufferPool memory;
  private final long most;
  private final LoadMeter meter = new LoadMeter();

  // Guarded by this.
  private final Set<Source<?>> open = new HashSet<>();
  private final Deque<Source<?>> unbegun =
      new ArrayDeque<>(); // that have a piece which is not begun
  private long ahead; // memory of the pieces that are begun and not taken, with padding
  private int pieces; // how many those are
  private int filling;
  private boolean memoryShort;
  private boolean closed;

  /**
   * A ring that makes {@link #DEFAULT_AHEAD} bytes ahead.
   *
   * @param workers who make the bytes; stay the caller's
   * @param memory where they are made: that of the store which the uploads go to
   */
  public GeneratorRing(GeneratorPool workers, BufferPool memory) {
    this(workers, memory, DEFAULT_AHEAD);
  }

  /**
   * A ring.
   *
   * @param workers who make the bytes; stay the caller's
   * @param memory where they are made: that of the store which the uploads go to
   * @param ahead how much memory is filled ahead, in bytes, 0 or more; if that is less than a piece
   *     for each worker and one more, then so many, within half of the memory
   * @throws IllegalArgumentException if it is negative
   */
  public GeneratorRing(GeneratorPool workers, BufferPool memory, long ahead) {
    if (ahead < 0) {
      throw new IllegalArgumentException(ahead + " bytes ahead: must be 0 or more");
    }
    this.workers = Objects.requireNonNull(workers);
    this.memory = Objects.requireNonNull(memory);
    this.most = ahead;
  }

  /**
   * A piece of an object on its way.
   *
   * @param filled its bytes; null if there was no memory to make them ahead
   */
  private record Piece(
      Source<?> source, long offset, long length, CompletableFuture<Lease> filled) {}

  /**
   * Begins to make an object's bytes.
   *
   * @param object whose bytes
   * @param pieceSize how many of them an upload takes at a time, 1 to 2<sup>30</sup>; what it takes
   *     in other pieces is made when it is asked for
   * @param <T> what it is
   * @return the source of an upload, which the caller closes when that has ended
   * @throws IllegalArgumentException if the size is out of range
   * @throws RejectedExecutionException if this is closed
   */
  public <T extends ByteSource> Source<T> open(T object, long pieceSize) {
    if (object.size() > 0 && (pieceSize < 1 || pieceSize > 1 << 30)) {
      throw new IllegalArgumentException(
          "pieces of " + pieceSize + " bytes: must be 1 to 1,073,741,824");
    }
    Source<T> source = new Source<>(object, pieceSize);
    synchronized (this) {
      if (closed) {
        throw new RejectedExecutionException("the generator ring is closed");
      }
      open.add(source);
      if (object.size() > 0) {
        unbegun.add(source);
      }
      begin();
    }
    return source;
  }

  /**
   * Opens many objects, each some time before its turn: as many as this ring makes ahead.
   *
   * @param objects in the order of their uploads
   * @param pieceSize as in {@link #open}
   * @param <T> what they are
   * @return a source for each, which the caller closes, while those that it does not take are
   *     closed with this ring; for one thread at a time
   */
  public <T extends ByteSource> Iterator<Source<T>> openAll(Iterator<T> objects, long pieceSize) {
    Deque<Source<T>> next = new ArrayDeque<>();
    return new Iterator<>() {

      private long bytes;

      @Override
      public boolean hasNext() {
        return !next.isEmpty() || objects.hasNext();
      }

      @Override
      public Source<T> next() {
        while (objects.hasNext() && (next.isEmpty() || wantsMore())) {
          Source<T> source = open(objects.next(), pieceSize);
          bytes += source.size();
          next.add(source);
        }
        if (next.isEmpty()) {
          throw new NoSuchElementException();
        }
        Source<T> source = next.remove();
        bytes -= source.size();
        return source;
      }

      private boolean wantsMore() {
        return next.size() <= workers.threads()
            || (bytes < most && next.size() < MAX_OBJECTS_AHEAD);
      }
    };
  }

  /**
   * What the workers did since this was made, and how long uploads waited for them.
   *
   * @return the figures up to now
   */
  public GeneratorLoad load() {
    return meter.load(workers.threads());
  }

  /** Gives up what is not taken. Its memory is free when this returns. */
  @Override
  public void close() {
    List<Source<?>> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(open);
    }
    left.forEach(Source::close);
    boolean interrupted = false;
    synchronized (this) {
      while (filling > 0) { // which nothing but the making of bytes can hold up
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has the workers begin all that may be begun. Called with the lock held. */
  private void begin() {
    while (!closed && !memoryShort && filling < workers.threads()) {
      Source<?> source = unbegun.peek();
      if (source == null || !hasRoom(source.nextLength())) {
        return;
      }
      unbegun.remove();
      Piece piece;
      try {
        piece = source.nextPiece();
      } catch (OutOfMemoryError e) {
        return; // what is left of this object is made when it is asked for
      }
      if (source.nextLength() > 0) {
        unbegun.add(source);
      }
      ahead += memory.cost(piece.length);
      pieces++;
      filling++;
      try {
        workers.execute(() -> fill(piece));
      } catch (RejectedExecutionException | OutOfMemoryError e) {
        piece.filled.complete(null); // who reads it hears of that
        filling--;
        gone(piece);
        return;
      }
    }
  }

  private boolean hasRoom(long length) {
    long then = ahead + memory.cost(length);
    return then <= memory.limit() / 2 && (then <= most || pieces <= workers.threads());
  }

  /**
   * On a worker, which is also the first to touch the memory if that is new. Whatever fails, be it
   * for lack of heap, is not told here: who reads the piece then makes it anew, and meets that.
   */
  @SuppressWarnings("UnusedException")
  private void fill(Piece piece) {
    Lease lease = null;
    try {
      lease = made(piece);
    } catch (IOException | RuntimeException | Error e) {
      lease = null;
    } finally {
      if (piece.filled.complete(lease)) { // needs no memory, as an exception in it would
        ended(piece, lease != null);
      } else if (lease != null) { // it was taken for one that no worker has
        lease.close();
      }
    }
  }

  private Lease made(Piece piece) throws IOException {
    Lease lease = memory.tryAcquire(piece.length, piece.source).orElse(null);
    if (lease == null) {
      return null;
    }
    try {
      piece.source.make(piece.offset, lease.buffers().get(0)); // there is but one of up to 1 GiB
      return lease;
    } catch (IOException | RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  private synchronized void ended(Piece piece, boolean filled) {
    filling--;
    if (!filled) {
      memoryShort = true;
      gone(piece);
    }
    notifyAll();
    begin();
  }

  /** A piece is ahead no more. Called with the lock held. */
  private void gone(Piece piece) {
    ahead -= memory.cost(piece.length);
    pieces--;
  }

  private synchronized void taken(Piece piece) {
    gone(piece);
    goOn();
  }

  /** Something has changed: there may be memory, or room for more. */
  private synchronized void goOn() {
    memoryShort = false;
    begin();
  }

  private static void rethrow(Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /**
   * An object's bytes, some of them made already. Thread-safe.
   *
   * @param <T> what the object is
   */
  public final class Source<T extends ByteSource> implements FilledSource, AutoCloseable {

    private final T object;
    private final long pieceSize;

    // Guarded by the ring.
    private final Map<Long, Piece> begun = new HashMap<>();
    private long next;

    private Source(T object, long pieceSize) {
      this.object = object;
      this.pieceSize = pieceSize;
    }

    /**
     * Whose bytes these are.
     *
     * @return the object
     */
    public T object() {
      return object;
    }

    @Override
    public long size() {
      return object.size();
    }

    @Override
    public Lease take(long offset, long length) {
      Piece piece;
      synchronized (GeneratorRing.this) {
        piece = begun.remove(offset);
        next = Math.max(next, offset + length);
        if (nextLength() == 0) {
          unbegun.remove(this);
        }
      }
      Lease lease = null;
      if (piece != null && piece.length == length) {
        lease = piece.filled.isDone() ? piece.filled.join() : meter.waitFor(piece.filled);
      } else if (piece != null) {
        giveUp(piece);
      }
      if (lease != null) {
        taken(piece);
      } else {
        goOn();
      }
      return lease;
    }

    /** Has a worker make the bytes, and waits for it. */
    @Override
    public void read(long offset, ByteBuffer dst) throws IOException {
      CompletableFuture<Void> made = new CompletableFuture<>();
      Throwable[] failure = {null}; // to complete the future with one takes memory
      workers.execute(
          () -> {
            try {
              make(offset, dst);
            } catch (IOException | RuntimeException | Error e) {
              failure[0] = e;
            } finally {
              made.complete(null);
            }
          });
      meter.waitFor(made);
      rethrow(failure[0]);
    }

    /** Gives up what was made and not taken. */
    @Override
    public void close() {
      List<Piece> left;
      synchronized (GeneratorRing.this) {
        open.remove(this);
        unbegun.remove(this);
        left = List.copyOf(begun.values());
        begun.clear();
      }
      left.forEach(this::giveUp);
    }

    private void giveUp(Piece piece) {
      piece.filled.thenAccept(
          lease -> {
            if (lease != null) {
              lease.close();
              taken(piece);
            }
          });
    }

    /** What its memory is held for. */
    @Override
    public String toString() {
      Object what = object instanceof GeneratedObject generated ? generated.key() : object;
      return "bytes made ahead for " + what;
    }

    /** Bytes of the next piece to be begun; 0 if there is none. */
    private long nextLength() {
      return Math.min(pieceSize, size() - next);
    }

    private Piece nextPiece() {
      Piece piece = new Piece(this, next, nextLength(), new CompletableFuture<>());
      try {
        begun.put(next, piece);
      } catch (OutOfMemoryError e) {
        piece.filled.complete(null); // a map that cannot grow may have it all the same
        throw e;
      }
      next += piece.length;
      return piece;
    }

    private void make(long offset, ByteBuffer dst) throws IOException {
      meter.measure(dst.remaining(), () -> object.read(offset, dst));
    }
  }
}
