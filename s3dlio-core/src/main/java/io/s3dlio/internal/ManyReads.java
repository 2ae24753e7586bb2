package io.s3dlio.internal;

import io.s3dlio.GetItem;
import io.s3dlio.GetResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.Outcome;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.internal.ReadAhead.Memory;
import io.s3dlio.internal.ReadAhead.Slot;
import io.s3dlio.internal.ReadAhead.State;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;

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
  private final List<GetItem> items;
  private final boolean collects;
  private final boolean stops;
  private final ReadAhead ahead;
  private ObjectStoreException noMemory;

  /**
   * Reads nothing yet.
   *
   * @param engine of the store
   * @param items what to read
   * @param options how
   * @param collects whether all results are kept until the last is there
   */
  public ManyReads(Engine engine, List<GetItem> items, ManyOptions options, boolean collects) {
    this.engine = engine;
    this.pool = engine.pool();
    this.items = items;
    this.collects = collects;
    this.stops = options.stopAtFirstError();
    this.ahead = new ReadAhead(engine, items, options, this::help);
  }

  /**
   * Whether there is an item whose outcome was not taken; does not wait.
   *
   * @return false after the last, and after an error that ends all
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
    Slot slot = ahead.head();
    ObjectUri uri = items.get(slot.index).uri();
    ObjectStoreException error;
    try {
      await(slot, uri);
      error = slot.error;
    } catch (ObjectStoreException e) {
      ahead.drop(slot);
      giveBack(slot);
      error = e;
    }
    ahead.taken(stops && error != null);
    if (error == null || error.kind() != Kind.CANCELLED) {
      Slot another = ahead.claimAhead();
      while (another != null && ask(another)) {
        another = ahead.claimAhead();
      }
    }
    return error == null
        ? new Outcome.Success<>(slot.index, uri, slot.result)
        : new Outcome.Failure<>(slot.index, uri, error);
  }

  /** Returns when the head is done; works on others while it waits for it. */
  private void await(Slot slot, ObjectUri uri) throws ObjectStoreException {
    while (!ahead.isDone(slot)) {
      Slot mine = ahead.claimOrSleep(slot, uri);
      if (mine == slot && slot.state == State.FINISHING) {
        finish(slot);
      } else if (mine == slot) {
        askWaiting(slot, uri);
      } else if (mine != null) {
        ask(mine);
      } else if (slot.overdue) {
        ahead.cancel(slot);
      }
    }
  }

  /** What a helper does, until there is nothing that needs no waiting. */
  private void help() {
    for (Slot slot = ahead.help(); slot != null; slot = ahead.help()) {
      if (slot.state == State.FINISHING) {
        finish(slot);
      } else if (!ask(slot)) {
        ahead.leave();
        return;
      }
    }
  }

  /** Asks for an item that has a turn, if there is memory as far as is known; false if not. */
  private boolean ask(Slot slot) {
    GetItem item = items.get(slot.index);
    PooledRead read = new PooledRead(engine, item.uri(), item.options());
    long size = ahead.size(slot);
    try {
      if (size >= 0 && !read.reserve(size)) {
        engine.giveTurnBack();
        ahead.settle(slot, State.IDLE, null, null);
        return false;
      }
    } catch (ObjectStoreException e) {
      engine.giveTurnBack();
      ahead.settle(slot, State.DONE, null, e);
      return true;
    }
    send(slot, read);
    return true;
  }

  /** Asks for the head, as soon as there is memory for it and a turn. */
  private void askWaiting(Slot slot, ObjectUri uri) {
    PooledRead read = new PooledRead(engine, uri, items.get(slot.index).options());
    try {
      engine.checkOpen(OPERATION, uri);
      if (ahead.size(slot) >= 0) {
        makeRoom(slot, uri, read);
      }
      engine.turn(OPERATION, uri);
    } catch (ObjectStoreException e) {
      read.close();
      ahead.settle(slot, State.DONE, null, e);
      return;
    }
    send(slot, read);
  }

  private void send(Slot slot, PooledRead read) {
    ahead.asking(slot, read);
    CompletableFuture<Void> request =
        engine.send(read::ask, (nothing, failure) -> heard(slot, read, failure));
    if (!ahead.asked(slot, request)) {
      request.cancel(true);
    }
  }

  /** The first request of an item has ended. On a network thread perhaps: waits for nothing. */
  private void heard(Slot slot, PooledRead read, Throwable failure) {
    ObjectUri uri = items.get(slot.index).uri();
    State then = State.DONE;
    GetResult result = null;
    ObjectStoreException error = null;
    try {
      if (failure != null) {
        error =
            slot.overdue
                ? engine.overdue(OPERATION, uri, failure)
                : engine.failure(OPERATION, uri, failure);
      } else {
        long landed = read.landed();
        ahead.learn(slot, read.length());
        if (!read.reserve(read.length())) {
          // Asked for again when there is memory for what is now known to be its size.
          error = ++slot.inVain == MOST_IN_VAIN ? restless(uri) : null;
          then = error == null ? State.IDLE : State.DONE;
        } else if (landed < read.length()) {
          then = State.ANSWERED;
        } else {
          result = read.finish();
        }
      }
    } catch (ObjectStoreException | RuntimeException | Error e) {
      error = Engine.unexpected(OPERATION, uri, e);
    }
    if (then != State.ANSWERED && result == null) {
      read.close();
    }
    if (!ahead.settle(slot, then, result, error)) {
      new Memory(result, read).close();
    }
  }

  private static ObjectStoreException restless(ObjectUri uri) {
    return ObjectStoreException.of(
        Kind.PRECONDITION_FAILED,
        OPERATION,
        uri,
        "the object is replaced again and again while memory is got for it; read it later",
        null);
  }

  /** Reads what the first answer did not bring. */
  private void finish(Slot slot) {
    GetResult result = null;
    ObjectStoreException error = null;
    try {
      result = slot.read.finish();
    } catch (ObjectStoreException | RuntimeException | Error e) {
      slot.read.close();
      error = Engine.unexpected(OPERATION, items.get(slot.index).uri(), e);
    }
    if (!ahead.settle(slot, State.DONE, result, error) && result != null) {
      result.close();
    }
  }

  /**
   * Gets memory for the head: free memory, then that of later items, then what others give back.
   */
  private void makeRoom(Slot slot, ObjectUri uri, PooledRead read) throws ObjectStoreException {
    long size = ahead.size(slot);
    if (read.reserve(size)) {
      return;
    }
    ahead.makingRoom(true);
    try {
      if (collects && ahead.isTooMuch()) {
        throw new ObjectStoreException(
            Kind.OUT_OF_RESOURCES, OPERATION, uri, "no memory is left for this object", null);
      }
      boolean possible = pool.cost(size) <= pool.limit();
      while (possible && !read.reserve(size)) {
        Slot last = ahead.lastWithMemory();
        if (last != null) {
          giveBack(last);
        } else if (!ahead.awaitOthers()) {
          break;
        }
      }
      read.open(size); // has memory, or waits for that of others
    } catch (InterruptedException e) {
      throw engine.interrupted(OPERATION, uri, e);
    } catch (ObjectStoreException e) {
      noMemory = e;
      throw e;
    } finally {
      ahead.makingRoom(false);
    }
  }

  /** Gives the memory of an item back, if it has some and is not worked on. */
  private void giveBack(Slot slot) {
    try (Memory memory = ahead.takeMemory(slot)) {
      if (memory != null) {
        items.get(slot.index).options().progress().transferred(-memory.bytes());
      }
    }
  }

  /**
   * Whether the results of all items, as far as is known, are more than there can be memory for.
   */
  boolean isTooMuch() {
    return ahead.isTooMuch();
  }

  /** Why the head got no memory, if that was so. */
  ObjectStoreException noMemory() {
    return noMemory;
  }

  /** What is known of the sizes of items, in bytes; -1 where nothing is. */
  long[] sizes() {
    return ahead.sizes();
  }

  /** Gives up what is under way and gives back what was read and not taken. */
  @Override
  public void close() {
    for (Slot slot : ahead.close()) {
      giveBack(slot);
      ahead.cancel(slot);
    }
    ahead.awaitAll();
  }
}
