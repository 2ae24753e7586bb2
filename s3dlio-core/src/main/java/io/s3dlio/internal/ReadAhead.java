package io.s3dlio.internal;

import io.s3dlio.GetItem;
import io.s3dlio.GetResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.Outcome;
import io.s3dlio.internal.Slot.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Which item of {@link ManyReads} is to be worked on next, and by which thread. A monitor: what is
 * waited for in it is only that something becomes of an item.
 */
final class ReadAhead {

  private static final String OPERATION = "get";

  /** More threads than this make no more requests, where requests hold no thread. */
  private static final int ASKING_HELPERS =
      Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  private final Engine engine;
  private final KnownSizes sizes;
  private final Runnable helper;
  private final int concurrency;

  /** How many requests may be missing before a thread is woken to make them. */
  private final int batch;

  // All below is guarded by this.

  private final Window window;

  /** What has its first answer, and no thread that reads the rest. */
  private final Deque<Slot> answered = new ArrayDeque<>();

  /** How many are asked for and not done. */
  private int underWay;

  private int helpers;
  private boolean waiting;
  private boolean makingRoom;
  private boolean requestsHoldThreads;
  private boolean ended;
  private long changes;

  /**
   * Nothing is begun yet.
   *
   * @param sizes what is known of them, and will be
   * @param helper what another thread does if there is something to do; ends when {@link
   *     #claimAsHelper} says that there is nothing, or after {@link #leave}
   */
  ReadAhead(
      Engine engine, List<GetItem> items, KnownSizes sizes, ManyOptions options, Runnable helper) {
    this.engine = engine;
    this.sizes = sizes;
    this.helper = helper;
    this.concurrency =
        Math.min(engine.maxConcurrency, options.concurrency().orElse(Integer.MAX_VALUE));
    this.batch = Math.max(1, concurrency / 4);
    this.window =
        new Window(items, Math.max(concurrency, options.readAhead().orElse(2 * concurrency)));
  }

  // The head.

  synchronized boolean hasNext() {
    return !ended && window.hasNext();
  }

  /** The item that is taken next. */
  synchronized Slot head() {
    if (ended) {
      throw new NoSuchElementException("nothing is read any more");
    }
    return window.head();
  }

  synchronized boolean isDone(Slot slot) {
    return slot.isDone();
  }

  /** Takes the head, which is done, or abandoned for an error. */
  synchronized Outcome<GetResult> take(ObjectStoreException abandoned) {
    Slot head = window.removeHead();
    ObjectStoreException error = abandoned != null ? abandoned : head.error;
    return error != null
        ? new Outcome.Failure<>(head.index, head.uri(), error)
        : new Outcome.Success<>(head.index, head.uri(), head.result);
  }

  // Who does what.

  /**
   * What the thread that waits for the head does next: something for the head itself, else for
   * another item. If there is nothing it sleeps until something changes; null then, and if the head
   * is done.
   */
  Slot claimOrSleep(Slot head) throws ObjectStoreException {
    synchronized (this) {
      if (head.isDone()) {
        return null;
      }
      engine.checkNotInterrupted(OPERATION, head.uri());
      Slot mine = claimHead(head);
      if (mine == null) {
        mine = claimIdle();
      }
      if (mine != null) {
        return mine;
      }
      sleep(head);
    }
    giveUpOverdue(head);
    return null;
  }

  /** The head if there is something to do for it that no other thread does. */
  private Slot claimHead(Slot head) {
    return switch (head.state) {
      case IDLE -> {
        window.notAgain(head);
        yield toAsk(head);
      }
      case ANSWERED -> {
        answered.remove(head);
        yield toFinish(head);
      }
      default -> null;
    };
  }

  private Slot toAsk(Slot slot) {
    slot.state = State.ASKED;
    slot.read = new PooledRead(engine, slot.uri(), slot.item.options(), Pace.NONE);
    slot.asker = Thread.currentThread();
    underWay++;
    return slot;
  }

  private static Slot toFinish(Slot slot) {
    slot.state = State.FINISHING;
    return slot;
  }

  /** An item to ask for, if one may be now; it has a turn. */
  private Slot claimIdle() {
    boolean possible = !ended && !makingRoom && free() > 0 && hasRoom();
    if (!possible || !engine.tryTurn()) {
      return null;
    }
    return toAsk(window.begin());
  }

  /** How many more items could be asked for. */
  private int free() {
    return Math.min(concurrency - underWay, window.idle());
  }

  /** Whether there is memory for the next item; of unknown size it is taken to be like others. */
  private boolean hasRoom() {
    int next = window.next();
    long bytes = sizes.isKnown(next) ? sizes.of(next) : sizes.mean() * (underWay + 1);
    return bytes <= engine.pool().limit() - engine.pool().used();
  }

  /**
   * After the head was taken: another item to ask for, unless requests hold a thread, which is not
   * to be this one.
   */
  Slot claimAhead() {
    synchronized (this) {
      if (!requestsHoldThreads) {
        return claimIdle();
      }
      if (free() < batch) {
        return null;
      }
    }
    callHelp();
    return null;
  }

  /** What a helper does next; null if it is to leave. */
  Slot claimAsHelper() {
    Slot mine;
    synchronized (this) {
      boolean finishes = !ended && !makingRoom && !answered.isEmpty();
      mine = finishes ? toFinish(answered.pollFirst()) : claimIdle();
      if (mine == null) {
        helpers--;
      }
    }
    if (mine != null) {
      callHelp();
    }
    return mine;
  }

  /** A helper leaves. */
  synchronized void leave() {
    helpers--;
  }

  /** Has another thread help if it would find something to do. */
  void callHelp() {
    if (needsHelp()) {
      engine.offer(helper);
    }
  }

  /** Counts the helper, too. */
  private synchronized boolean needsHelp() {
    boolean finishing = !answered.isEmpty();
    int most = finishing || requestsHoldThreads ? concurrency - 1 : ASKING_HELPERS;
    if (ended || makingRoom || helpers >= most) {
      return false;
    }
    boolean asking = requestsHoldThreads ? free() > 0 : !waiting && free() >= batch;
    if (!finishing && !(asking && hasRoom())) {
      return false;
    }
    helpers++;
    return true;
  }

  // What becomes of an item. False from these if nobody wants it any more: then it is the caller
  // who gives its request up, or gives back what it has got and says so.

  /** It was asked for, and has its answer perhaps. */
  synchronized boolean asked(Slot slot, CompletableFuture<Void> request) {
    if (!request.isDone()) {
      slot.request = request;
      slot.deadline = System.nanoTime() + engine.requestTimeout().toNanos();
    }
    return !slot.unwanted;
  }

  /** It is to be asked for again. */
  synchronized void postponed(Slot slot) {
    slot.state = State.IDLE;
    if (!slot.unwanted) {
      window.again(slot);
    }
    released(slot);
  }

  /** Its first answer is there, and the rest is to be read. */
  synchronized boolean answered(Slot slot) {
    requestsHoldThreads |= slot.asker == Thread.currentThread();
    if (!slot.unwanted) {
      slot.state = State.ANSWERED;
      answered.addLast(slot);
      changed(slot);
    }
    return !slot.unwanted;
  }

  /** All of it is there. */
  synchronized boolean done(Slot slot, GetResult result) {
    requestsHoldThreads |= slot.state == State.ASKED && slot.asker == Thread.currentThread();
    if (!slot.unwanted) {
      slot.state = State.DONE;
      slot.result = result;
      released(slot);
    }
    return !slot.unwanted;
  }

  /** What it had got was given back: nobody wanted it. */
  synchronized void givenBack(Slot slot) {
    slot.state = State.DONE;
    released(slot);
  }

  /** It has failed. */
  synchronized void failed(Slot slot, ObjectStoreException error) {
    slot.state = State.DONE;
    slot.error = slot.overdue ? engine.overdue(OPERATION, slot.uri(), error) : error;
    released(slot);
  }

  private void released(Slot slot) {
    underWay--;
    changed(slot);
  }

  /** Wakes who waits, unless there is so little to do that it is better left for later. */
  private void changed(Slot slot) {
    slot.request = null;
    if (window.isHead(slot) || slot.unwanted || makingRoom || free() >= batch) {
      changes++;
      notifyAll();
    }
  }

  // Waiting.

  private void sleep(Slot head) throws ObjectStoreException {
    waiting = true;
    try {
      awaitChange(head.request == null ? timeout() : head.deadline - System.nanoTime());
    } catch (InterruptedException e) {
      throw engine.interrupted(OPERATION, head.uri(), e);
    } finally {
      waiting = false;
    }
  }

  private long timeout() {
    return engine.requestTimeout().toNanos();
  }

  private void awaitChange(long nanos) throws InterruptedException {
    long before = changes;
    long end = System.nanoTime() + nanos;
    for (long left = nanos; changes == before && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /**
   * Waits until something becomes of an item behind the head on which a thread works or which is
   * asked for. Not if one has memory by now, which it may have got since {@link #takeLast}.
   *
   * @return false if there is none of either kind: what is missing is in the hands of others
   * @throws InterruptedException if the thread was interrupted
   */
  boolean awaitOthers() throws InterruptedException {
    List<Slot> others = new ArrayList<>();
    synchronized (this) {
      for (Slot slot : window) {
        if (slot.hasMemory() && !window.isHead(slot)) {
          return true;
        }
      }
      if (underWay == 1) {
        return false; // the head itself
      }
      awaitChange(timeout());
      window.forEach(others::add);
    }
    others.forEach(this::giveUpOverdue);
    return true;
  }

  /**
   * Waits until no thread works on an item any more. Each has been told to give up, and each of its
   * waits has a limit; what they work on is not given back before.
   */
  synchronized void awaitAll() {
    boolean interrupted = false;
    while (underWay > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, timeout());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // Memory.

  /** While room is made for the head, no other item is begun. */
  synchronized void makingRoom(boolean now) {
    makingRoom = now;
  }

  /**
   * Takes the memory of the last item behind the head that has some and on which no thread works.
   *
   * @return the memory, which the caller gives back, or null if there is no such item
   */
  synchronized Slot.Memory takeLast() {
    for (Slot slot : window) {
      Slot.Memory memory = window.isHead(slot) ? null : takeMemory(slot);
      if (memory != null) {
        window.again(slot);
        return memory;
      }
    }
    return null;
  }

  private Slot.Memory takeMemory(Slot slot) {
    if (slot.state == State.ANSWERED) {
      answered.remove(slot);
      underWay--;
    }
    return slot.takeMemory();
  }

  // Giving up.

  /** Gives up the request for an item that has had no answer in time. */
  private void giveUpOverdue(Slot slot) {
    synchronized (this) {
      if (slot.request == null || slot.deadline - System.nanoTime() > 0) {
        return;
      }
      slot.overdue = true;
    }
    cancel(slot);
  }

  /** Nobody waits for this item any more. */
  void abandon(Slot slot) {
    Slot.Memory memory;
    synchronized (this) {
      slot.unwanted = true;
      window.notAgain(slot);
      memory = takeMemory(slot);
    }
    if (memory != null) {
      memory.giveBack();
    }
    cancel(slot);
  }

  private void cancel(Slot slot) {
    CompletableFuture<Void> request;
    PooledRead finishing;
    synchronized (this) {
      request = slot.request;
      finishing = slot.state == State.FINISHING ? slot.read : null;
    }
    if (request != null) {
      request.cancel(true);
    }
    if (finishing != null) {
      finishing.cancel();
    }
  }

  /** Abandons all that is left, and begins nothing any more. */
  void end() {
    List<Slot> left;
    synchronized (this) {
      ended = true;
      left = window.clear();
    }
    left.forEach(this::abandon);
  }
}
