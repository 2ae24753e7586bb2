package io.s3dlio.internal;

import io.s3dlio.GetItem;
import io.s3dlio.GetResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.Outcome;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.internal.Slot.State;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Reads many objects, several at a time and ahead of the thread that takes the results, which it
 * gets in the order of the input.
 *
 * <p><b>Threads.</b> A request holds no thread: the thread that takes results makes requests while
 * it waits. Helpers do while it is away, where backends work on the calling thread, and for what
 * the first answer of a large object did not bring. Everything gets done without a helper, too.
 *
 * <p><b>Memory.</b> Items behind the head, the next one to be taken, get memory only if it is free.
 * If there is none for the head, results behind it are given back, the last one first, and are read
 * again later. So the head never waits for memory that a later item has: what it waits for is in
 * the hands of others.
 */
public final class ManyReads implements AutoCloseable {

  private static final String OPERATION = "get";

  /** How often an item may be of another size than the memory that was got for it. */
  private static final int MOST_IN_VAIN = 8;

  private final Engine engine;
  private final BufferPool pool;
  private final KnownSizes sizes;
  private final BooleanSupplier hopeless;
  private final boolean stops;
  private final ReadAhead ahead;
  private boolean closed;

  /**
   * Reads nothing yet.
   *
   * @param engine of the store
   * @param items what to read
   * @param options how
   */
  public ManyReads(Engine engine, List<GetItem> items, ManyOptions options) {
    this(engine, items, options, new KnownSizes(engine.pool(), items), () -> false);
  }

  /**
   * The same.
   *
   * @param sizes what is known, and will be
   * @param hopeless whether nobody will give back the memory that the head waits for
   */
  ManyReads(
      Engine engine,
      List<GetItem> items,
      ManyOptions options,
      KnownSizes sizes,
      BooleanSupplier hopeless) {
    this.engine = engine;
    this.pool = engine.pool();
    this.sizes = sizes;
    this.hopeless = hopeless;
    this.stops = options.stopAtFirstError();
    this.ahead = new ReadAhead(engine, items, sizes, options, this::help);
  }

  /**
   * Whether there is an item whose outcome was not taken; does not wait.
   *
   * @return false after the last, after an error that ends all, and when closed
   */
  public boolean hasNext() {
    return ahead.hasNext();
  }

  /**
   * The outcome of the next item.
   *
   * @return its result, which the caller closes, or its error
   * @throws NoSuchElementException if there is none
   * @throws IllegalStateException if this was closed
   */
  public Outcome<GetResult> next() {
    if (closed) {
      throw new IllegalStateException("these reads were closed");
    }
    Slot head = ahead.head();
    ObjectStoreException givenUp = null;
    try {
      await(head);
    } catch (ObjectStoreException e) {
      ahead.abandon(head);
      givenUp = e;
    }
    Outcome<GetResult> outcome = ahead.take(givenUp);
    if (stops && outcome.error().isPresent()) {
      ahead.end();
    } else if (!isInterrupted(outcome)) {
      askAhead();
    }
    return outcome;
  }

  /** Returns when the head is done; works on others while it waits for it. */
  private void await(Slot head) throws ObjectStoreException {
    while (!ahead.isDone(head)) {
      Slot mine = ahead.claimOrSleep(head);
      if (mine == null) {
        continue;
      }
      if (mine.state == State.FINISHING) {
        finish(mine);
      } else if (mine == head) {
        askForHead(head);
      } else {
        ask(mine);
      }
    }
  }

  private static boolean isInterrupted(Outcome<GetResult> outcome) {
    return outcome.error().map(e -> e.kind() == Kind.CANCELLED).orElse(false);
  }

  private void askAhead() {
    Slot another = ahead.claimAhead();
    while (another != null && ask(another)) {
      another = ahead.claimAhead();
    }
  }

  /** What a helper does, until there is nothing that needs no waiting. */
  private void help() {
    for (Slot slot = ahead.claimAsHelper(); slot != null; slot = ahead.claimAsHelper()) {
      if (slot.state == State.FINISHING) {
        finish(slot);
      } else if (!ask(slot)) {
        ahead.leave();
        return;
      }
    }
  }

  /** Asks for an item that has a turn; false if there is no memory for it now. */
  private boolean ask(Slot slot) {
    try {
      if (sizes.isKnown(slot.index) && !slot.read.reserve(sizes.of(slot.index))) {
        engine.giveTurnBack();
        ahead.postponed(slot);
        return false;
      }
    } catch (ObjectStoreException e) {
      engine.giveTurnBack();
      failed(slot, e);
      return true;
    }
    send(slot);
    return true;
  }

  /** Asks for the head, as soon as there is memory for it and a turn. */
  private void askForHead(Slot head) {
    try {
      engine.checkOpen(OPERATION, head.uri());
      if (sizes.isKnown(head.index)) {
        makeRoom(head, sizes.of(head.index));
      }
      engine.turn(OPERATION, head.uri());
    } catch (ObjectStoreException e) {
      failed(head, e);
      return;
    }
    send(head);
  }

  private void send(Slot slot) {
    CompletableFuture<Void> request =
        engine.send(slot.read::ask, (nothing, failure) -> heard(slot, failure));
    if (!ahead.asked(slot, request)) {
      request.cancel(true);
    }
  }

  /** The first request of an item has ended. On a network thread perhaps: waits for nothing. */
  private void heard(Slot slot, Throwable failure) {
    PooledRead read = slot.read;
    try {
      if (failure != null) {
        throw engine.failure(OPERATION, slot.uri(), failure);
      }
      long landed = read.landed();
      sizes.learn(slot.index, read.length());
      if (!read.reserve(read.length())) {
        askAgain(slot);
      } else if (landed == read.length()) {
        done(slot, read.finish());
      } else if (!ahead.answered(slot)) {
        read.close();
        ahead.givenBack(slot);
      }
    } catch (ObjectStoreException | RuntimeException | Error e) {
      failed(slot, e);
    }
    ahead.callHelp();
  }

  /** When there is memory for what is now known to be its size. */
  private void askAgain(Slot slot) throws ObjectStoreException {
    if (++slot.inVain == MOST_IN_VAIN) {
      throw new ObjectStoreException(
          Kind.PRECONDITION_FAILED,
          OPERATION,
          slot.uri(),
          "the object is replaced again and again while memory is got for it; read it later",
          null);
    }
    slot.read.close();
    ahead.postponed(slot);
  }

  /** Reads what the first answer did not bring. */
  private void finish(Slot slot) {
    try {
      done(slot, slot.read.finish());
    } catch (ObjectStoreException | RuntimeException | Error e) {
      failed(slot, e);
    }
    ahead.callHelp();
  }

  private void done(Slot slot, GetResult result) {
    if (!ahead.done(slot, result)) {
      result.close();
      ahead.givenBack(slot);
    }
  }

  private void failed(Slot slot, Throwable why) {
    slot.read.close();
    ahead.failed(slot, Engine.unexpected(OPERATION, slot.uri(), why));
  }

  /**
   * Gets memory for the head: free memory, then that of later items, then what others give back.
   */
  private void makeRoom(Slot head, long size) throws ObjectStoreException {
    if (head.read.reserve(size)) {
      return;
    }
    ahead.makingRoom(true);
    try {
      boolean possible = pool.cost(size) <= pool.limit() && !hopeless.getAsBoolean();
      while (possible && !head.read.reserve(size)) {
        Slot.Memory memory = ahead.takeLast();
        if (memory != null) {
          memory.giveBack();
        } else {
          possible = ahead.awaitOthers();
        }
      }
      if (hopeless.getAsBoolean()) {
        throw new ObjectStoreException(
            Kind.OUT_OF_RESOURCES, OPERATION, head.uri(), "no memory is left for it", null);
      }
      head.read.open(size); // has memory, or waits for that of others
    } catch (InterruptedException e) {
      throw engine.interrupted(OPERATION, head.uri(), e);
    } finally {
      ahead.makingRoom(false);
    }
  }

  /** Gives up what is under way and gives back what was read and not taken. */
  @Override
  public void close() {
    closed = true;
    ahead.end();
    ahead.awaitAll();
  }
}
