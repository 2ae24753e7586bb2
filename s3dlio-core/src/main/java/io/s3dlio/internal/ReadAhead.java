package io.s3dlio.internal;

import io.s3dlio.GetItem;
import io.s3dlio.GetResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.buffer.BufferPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The items of {@link ManyReads} that are between being looked at and being taken: what state each
 * is in, which thread is to do what next, and what sizes are known.
 */
final class ReadAhead {

  /** More threads than this make no more requests, where requests hold no thread. */
  private static final int ASKING_HELPERS =
      Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  /** How far an item is. */
  enum State {
    /** To be asked for, for the first time or again. */
    IDLE,
    /** Claimed by a thread, then waiting for the first answer. */
    ASKED,
    /** Has its memory and what the first answer brought; the rest is to be read. */
    ANSWERED,
    /** Claimed by a thread, which reads the rest. */
    FINISHING,
    /** Has a result or an error. */
    DONE
  }

  /** An item. Guarded by the lock; {@code read} and {@code inVain} are its thread's own. */
  static final class Slot {
    final int index;
    State state = State.IDLE;
    PooledRead read;
    GetResult result;
    ObjectStoreException error;
    boolean overdue;
    int inVain;
    private boolean dropped;
    private long deadline;
    private CompletableFuture<Void> request;

    private Slot(int index) {
      this.index = index;
    }
  }

  /** What an item has: all of its bytes, or some. */
  record Memory(GetResult result, PooledRead read) implements AutoCloseable {

    /** How many bytes have landed in it. */
    long bytes() {
      return result == null ? read.progress() : result.bytes().size();
    }

    @Override
    public void close() {
      if (result == null) {
        read.close();
      } else {
        result.close();
      }
    }
  }

  private final Engine engine;
  private final BufferPool pool;
  private final List<GetItem> items;
  private final Runnable helper;
  private final int concurrency;
  private final int window;

  /** How many requests may be missing before a thread is woken to make them. */
  private final int batch;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All below is guarded by the lock.
  private final Slot[] slots;
  private final long[] sizes;
  private final Deque<Slot> answered = new ArrayDeque<>();
  private int head;
  private int next;
  private int underWay;
  private int helpers;
  private boolean waiting;
  private boolean makingRoom;
  private boolean inline;
  private boolean stopped;
  private boolean closed;
  private long changes;
  private long answers;
  private long answeredBytes;
  private long needed;

  /**
   * All items are idle.
   *
   * @param helper what another thread does if there is something to do; ends when {@link #help}
   *     says that there is nothing, or after {@link #leave}
   */
  ReadAhead(Engine engine, List<GetItem> items, ManyOptions options, Runnable helper) {
    this.engine = engine;
    this.pool = engine.pool();
    this.items = items;
    this.helper = helper;
    this.concurrency =
        Math.min(engine.maxConcurrency, options.concurrency().orElse(Integer.MAX_VALUE));
    this.window = Math.max(concurrency, options.readAhead().orElse(2 * concurrency));
    this.batch = Math.max(1, concurrency / 4);
    this.slots = new Slot[items.size()];
    this.sizes = new long[items.size()];
    for (int i = 0; i < sizes.length; i++) {
      GetItem item = items.get(i);
      sizes[i] = item.size().isPresent() ? length(item, item.size().getAsLong()) : -1;
      needed += sizes[i] < 0 ? 0 : pool.cost(sizes[i]);
    }
  }

  /** How many bytes of an object an item selects. */
  static long length(GetItem item, long size) {
    return item.options().range().resolve(size).map(span -> span.length()).orElse(0L);
  }

  boolean hasNext() {
    lock.lock();
    try {
      return head < items.size() && !stopped;
    } finally {
      lock.unlock();
    }
  }

  /** The item to be taken next. */
  Slot head() {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("these reads were closed");
      }
      if (head == items.size() || stopped) {
        throw new NoSuchElementException("all " + head + " outcomes were taken");
      }
      return slot(head);
    } finally {
      lock.unlock();
    }
  }

  /** The head was taken; {@code last} if nothing is to be read any more. */
  void taken(boolean last) {
    lock.lock();
    try {
      slots[head] = null;
      head++;
      next = Math.max(next, head);
      stopped = last;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the thread that waits for the head does next: something for the head itself, else for
   * another item; if there is nothing it sleeps a while. Null also if the head is done or overdue.
   */
  Slot claimOrSleep(Slot slot, ObjectUri uri) throws ObjectStoreException {
    lock.lock();
    try {
      if (slot.state == State.DONE) {
        return null;
      }
      engine.checkNotInterrupted("get", uri);
      Slot mine = claimHead(slot);
      if (mine == null) {
        mine = claim(false);
      }
      if (mine == null) {
        sleep(slot, uri);
      }
      return mine;
    } finally {
      lock.unlock();
    }
  }

  boolean isDone(Slot slot) {
    lock.lock();
    try {
      return slot.state == State.DONE;
    } finally {
      lock.unlock();
    }
  }

  /** The head if there is something to do for it that no other thread does. */
  private Slot claimHead(Slot slot) {
    if (slot.state == State.IDLE) {
      slot.state = State.ASKED;
      underWay++;
      return slot;
    }
    if (slot.state == State.ANSWERED) {
      answered.remove(slot);
      slot.state = State.FINISHING;
      return slot;
    }
    return null;
  }

  private void sleep(Slot slot, ObjectUri uri) throws ObjectStoreException {
    boolean asked = slot.request != null && !slot.overdue;
    long limit = asked ? slot.deadline - System.nanoTime() : engine.requestTimeout().toNanos();
    waiting = true;
    try {
      slot.overdue |= !awaitChange(limit) && asked && slot.request != null;
    } catch (InterruptedException e) {
      throw engine.interrupted("get", uri, e);
    } finally {
      waiting = false;
    }
  }

  /** Waits until something becomes of an item; false if nothing does in time. */
  private boolean awaitChange(long nanos) throws InterruptedException {
    long before = changes;
    long left = nanos;
    while (changes == before && left > 0) {
      left = changed.awaitNanos(left);
    }
    return changes != before;
  }

  /**
   * After the head was taken: another item to ask for, unless requests hold a thread, which is not
   * to be this one.
   */
  Slot claimAhead() {
    boolean help;
    lock.lock();
    try {
      if (!inline) {
        return claim(false);
      }
      help = free() >= batch && needsHelp();
    } finally {
      lock.unlock();
    }
    if (help) {
      engine.offer(helper);
    }
    return null;
  }

  /** What a helper does next; null if it is to leave. */
  Slot help() {
    Slot slot;
    boolean more = false;
    lock.lock();
    try {
      slot = claim(true);
      if (slot == null) {
        helpers--;
      } else {
        more = needsHelp();
      }
    } finally {
      lock.unlock();
    }
    if (more) {
      engine.offer(helper);
    }
    return slot;
  }

  /** A helper leaves. */
  void leave() {
    lock.lock();
    try {
      helpers--;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next thing to do, if there is one for which nobody has to wait. What is ASKED has a turn.
   */
  private Slot claim(boolean helps) {
    if (closed || stopped || makingRoom) {
      return null;
    }
    if (helps && !answered.isEmpty()) {
      Slot slot = answered.poll();
      slot.state = State.FINISHING;
      return slot;
    }
    while (next < end() && slot(next).state != State.IDLE) {
      next++;
    }
    if (free() < 1 || !hasRoom(next) || !engine.tryTurn()) {
      return null;
    }
    Slot slot = slot(next++);
    slot.state = State.ASKED;
    underWay++;
    return slot;
  }

  /** How many more items could be asked for. */
  private int free() {
    return Math.min(concurrency - underWay, end() - next);
  }

  /** Whether there is memory for an item of a size not known, if it is like those seen. */
  private boolean hasRoom(int index) {
    return sizes[index] >= 0
        || answers == 0
        || answeredBytes / answers * (underWay + 1) <= pool.limit() - pool.used();
  }

  private int end() {
    return Math.min(items.size(), head + window);
  }

  private Slot slot(int index) {
    if (slots[index] == null) {
      slots[index] = new Slot(index);
    }
    return slots[index];
  }

  /** Whether another thread would find something to do; it is then counted as there. */
  private boolean needsHelp() {
    boolean asking = (!waiting || inline) && free() >= (inline ? 1 : batch);
    int most = inline || !answered.isEmpty() ? concurrency - 1 : ASKING_HELPERS;
    boolean idle = answered.isEmpty() && !asking;
    if (closed || stopped || makingRoom || helpers >= most || idle) {
      return false;
    }
    helpers++;
    return true;
  }

  /** A request is about to be made. */
  void asking(Slot slot, PooledRead read) {
    lock.lock();
    try {
      slot.read = read;
      slot.deadline = System.nanoTime() + engine.requestTimeout().toNanos();
    } finally {
      lock.unlock();
    }
  }

  /** The request was made, and has ended perhaps; false if nobody wants it any more. */
  boolean asked(Slot slot, CompletableFuture<Void> request) {
    lock.lock();
    try {
      if (!request.isDone()) {
        slot.request = request;
      } else if (!request.isCompletedExceptionally()) {
        inline = true;
      }
      return !closed && !slot.dropped;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A thread is done with an item, for now or for good. IDLE: to be asked for again.
   *
   * @return false if nobody wants it any more: then it is the caller who gives back what it has
   */
  boolean settle(Slot slot, State then, GetResult result, ObjectStoreException error) {
    boolean wanted;
    boolean help = false;
    lock.lock();
    try {
      wanted = !closed && !slot.dropped;
      slot.request = null;
      slot.state = wanted ? then : State.DONE;
      if (slot.state != State.ANSWERED) {
        underWay--;
      }
      if (wanted) {
        slot.result = result;
        slot.error = error;
        if (then == State.ANSWERED) {
          answered.add(slot);
        } else if (then == State.IDLE) {
          next = Math.min(next, slot.index);
        }
        help = needsHelp();
      }
      if (!wanted || makingRoom || slot.index == head || free() >= batch) {
        changes++;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    if (help) {
      engine.offer(helper);
    }
    return wanted;
  }

  /**
   * Takes the memory of an item away if it has some and no thread works on it; it is then to be
   * read again.
   *
   * @return the memory, which the caller closes, or null
   */
  Memory takeMemory(Slot slot) {
    lock.lock();
    try {
      Memory memory = slot.result == null ? null : new Memory(slot.result, null);
      if (slot.state == State.ANSWERED && answered.remove(slot)) {
        memory = new Memory(null, slot.read);
        underWay--;
      }
      if (memory != null) {
        slot.result = null;
        slot.state = State.IDLE;
        next = Math.min(next, slot.index);
      }
      return memory;
    } finally {
      lock.unlock();
    }
  }

  /** The last item behind the head that has memory and on which no thread works, or null. */
  Slot lastWithMemory() {
    lock.lock();
    try {
      for (int i = end() - 1; i > head; i--) {
        Slot slot = slots[i];
        if (slot != null && (slot.result != null || slot.state == State.ANSWERED)) {
          return slot;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** While room is made for the head, no other item is begun. */
  void makingRoom(boolean now) {
    lock.lock();
    try {
      makingRoom = now;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until something becomes of an item behind the head on which a thread works or which is
   * asked for, if there is one.
   *
   * @return false if there is none
   * @throws InterruptedException if the thread was interrupted
   */
  boolean awaitOthers() throws InterruptedException {
    List<Slot> late;
    lock.lock();
    try {
      if (underWay == 1) {
        return false; // the head itself
      }
      if (awaitChange(engine.requestTimeout().toNanos())) {
        return true;
      }
      late = all(head + 1);
    } finally {
      lock.unlock();
    }
    late.forEach(this::cancel);
    return true;
  }

  private List<Slot> all(int from) {
    List<Slot> all = new ArrayList<>();
    for (int i = from; i < end(); i++) {
      if (slots[i] != null) {
        all.add(slots[i]);
      }
    }
    return all;
  }

  /** Nobody waits for this item any more. */
  void drop(Slot slot) {
    lock.lock();
    try {
      slot.dropped = true;
    } finally {
      lock.unlock();
    }
    cancel(slot);
  }

  /** Gives up what is under way for an item. */
  void cancel(Slot slot) {
    CompletableFuture<Void> request;
    PooledRead read;
    lock.lock();
    try {
      request = slot.request;
      read = slot.state == State.FINISHING ? slot.read : null;
    } finally {
      lock.unlock();
    }
    if (request != null) {
      request.cancel(true);
    }
    if (read != null) {
      read.cancel();
    }
  }

  /** Begins nothing any more; gives what is left, nothing if that was done before. */
  List<Slot> close() {
    lock.lock();
    try {
      List<Slot> left = closed ? List.of() : all(head);
      closed = true;
      return left;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no thread works on an item any more. */
  void awaitAll() {
    lock.lock();
    try {
      while (underWay > 0) {
        changed.awaitUninterruptibly(); // each has just been told to give up
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes how many bytes an item has. */
  void learn(Slot slot, long size) {
    lock.lock();
    try {
      long before = sizes[slot.index];
      sizes[slot.index] = size;
      needed += pool.cost(size) - (before < 0 ? 0 : pool.cost(before));
      answers++;
      answeredBytes += size;
    } finally {
      lock.unlock();
    }
  }

  /** How many bytes an item has, as far as is known; else -1. */
  long size(Slot slot) {
    lock.lock();
    try {
      return sizes[slot.index];
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #size}, of all. */
  long[] sizes() {
    lock.lock();
    try {
      return sizes.clone();
    } finally {
      lock.unlock();
    }
  }

  /** Whether all results together, as far as is known, are more than there can be memory for. */
  boolean isTooMuch() {
    lock.lock();
    try {
      return needed > pool.limit();
    } finally {
      lock.unlock();
    }
  }
}
