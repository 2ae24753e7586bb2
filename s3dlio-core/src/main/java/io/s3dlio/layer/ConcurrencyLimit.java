package io.s3dlio.layer;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.spi.StoreBackend;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Lets so many requests be under way at a time; the others wait in the order in which they came. No
 * thread waits for its turn, and one that is given up leaves the queue. What clears up after an
 * upload goes to its head. A request that has waited for 5 minutes fails with kind TIMEOUT; a
 * store's {@code request-timeout} may end it before.
 *
 * <p>A store has a limit of its own, {@code max-concurrency}. This one is for several stores
 * together, or for one that has to leave room for others. A source or sink that makes requests over
 * the same layer while it is read or written holds one turn and waits for another.
 */
public final class ConcurrencyLimit implements Layer {

  private final int most;
  private final Duration patience;
  private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
  private final Gate gate = new Turns();

  /** Nobody waits while there are some. */
  private int free;

  /**
   * Makes the layer.
   *
   * @param most requests at a time, 1 or more
   */
  public ConcurrencyLimit(int most) {
    this(most, Gate.PATIENCE);
  }

  ConcurrencyLimit(int most, Duration patience) {
    if (most < 1) {
      throw new IllegalArgumentException("a limit lets 1 request through or more: " + most);
    }
    this.most = most;
    this.patience = patience;
    this.free = most;
  }

  @Override
  public StoreBackend over(StoreBackend backend) {
    return new InterceptingBackend(backend, gate);
  }

  /**
   * How many requests wait for their turn.
   *
   * @return at this moment
   */
  public synchronized int waiting() {
    return waiting.size();
  }

  /** Gives the caller a turn, or a place in the queue; null for a turn. */
  private synchronized CompletableFuture<Void> enqueue(boolean first) {
    if (free > 0) {
      free--;
      return null;
    }
    CompletableFuture<Void> turn = new CompletableFuture<>();
    if (first) {
      waiting.addFirst(turn);
    } else {
      waiting.addLast(turn);
    }
    return turn;
  }

  private synchronized void dequeue(CompletableFuture<Void> turn) {
    waiting.remove(turn);
  }

  private synchronized CompletableFuture<Void> nextOrFree() {
    CompletableFuture<Void> next = waiting.pollFirst();
    free += next == null ? 1 : 0;
    return next;
  }

  /** Passes a turn on. */
  private void pass() {
    CompletableFuture<Void> next = nextOrFree();
    if (next != null) {
      Threads.LATE.execute(
          () -> {
            if (!next.complete(null)) { // given up meanwhile
              pass();
            }
          });
    }
  }

  private ObjectStoreException late(Call call) {
    return new ObjectStoreException(
        Kind.TIMEOUT,
        call.operation().toString(),
        call.uri(),
        "no turn within "
            + patience.toSeconds()
            + " s; the layer lets "
            + most
            + " requests through at a time; make that more, or the requests fewer",
        null);
  }

  private final class Turns implements Gate {

    @Override
    public CompletableFuture<Void> enter(Exchange exchange) {
      CompletableFuture<Void> turn = enqueue(exchange.call().operation() == Operation.ABORT);
      if (turn == null) {
        return NOW;
      }
      CompletableFuture<Void> clock =
          new CompletableFuture<Void>().orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS);
      clock.whenCompleteAsync(
          (stopped, late) -> {
            if (late != null) {
              dequeue(turn);
              turn.completeExceptionally(late(exchange.call()));
            }
          },
          Threads.LATE);
      turn.whenComplete(
          (come, givenUp) -> {
            clock.complete(null);
            if (givenUp != null) {
              dequeue(turn);
            }
          });
      return turn;
    }

    @Override
    public void leave(Exchange exchange, Throwable error) {
      pass();
    }
  }
}
