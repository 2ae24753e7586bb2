package io.s3dlio.buffer;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.Sizes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Off-heap memory within a hard byte limit. Slabs are aligned to 4,096 bytes and reused: fresh
 * direct memory costs zeroing and page faults that would halve the speed of large reads. Who asks
 * for more than the limit fails at once; who asks for more than is free waits, in order of arrival.
 *
 * <p>Thread-safe. With {@code -Ds3dlio.buffer.check=true} memory that comes back is overwritten, so
 * that use after {@code close} shows; with {@code -Ds3dlio.buffer.trace=true} the report of a leak
 * and of a time-out tell where the memory was taken.
 */
public final class BufferPool {

  /** What every slab is aligned to, in bytes: a page, and the block of O_DIRECT. */
  public static final int ALIGNMENT = 4096;

  /** The longest piece of memory in one buffer, in bytes. */
  static final int MAX_SLAB = 1 << 30;

  static final boolean CHECK = Boolean.getBoolean("s3dlio.buffer.check");
  static final boolean TRACE = Boolean.getBoolean("s3dlio.buffer.trace");

  private static final byte[] POISON = new byte[64 << 10];

  static {
    Arrays.fill(POISON, (byte) 0xDB);
  }

  final int maxSlab;

  private final long limit;
  private final ReentrantLock lock = new ReentrantLock();

  // All below is guarded by the lock.
  private final Deque<Condition> waiters = new ArrayDeque<>();
  private final TreeMap<Integer, Deque<ByteBuffer>> idle = new TreeMap<>();
  private final Set<Storage> holders = Collections.newSetFromMap(new IdentityHashMap<>());
  private long used;
  private long idleBytes;

  BufferPool(long limit, int maxSlab) {
    this.limit = limit;
    this.maxSlab = maxSlab;
  }

  /**
   * A pool of its own.
   *
   * @param limit the most bytes it ever holds, 8 KiB or more
   * @return the pool
   * @throws IllegalArgumentException if the limit is above what the JVM gives direct memory
   */
  public static BufferPool ofLimit(long limit) {
    long max = DirectMemory.max();
    if (limit < 2 * ALIGNMENT || limit > max) {
      throw new IllegalArgumentException(
          "a memory limit is from 8KiB to what the JVM gives direct memory ("
              + Sizes.format(max)
              + "; -XX:MaxDirectMemorySize raises it): "
              + limit);
    }
    return new BufferPool(limit, MAX_SLAB);
  }

  /**
   * The pool that stores use unless told otherwise. Its limit is half of the JVM's direct memory
   * ({@code -XX:MaxDirectMemorySize}, by default the size of the heap).
   *
   * @return the same pool at every call
   */
  public static BufferPool shared() {
    return Shared.POOL;
  }

  private static final class Shared {
    static final BufferPool POOL = new BufferPool(DirectMemory.max() / 2, MAX_SLAB);
  }

  /**
   * The most bytes this pool ever holds.
   *
   * @return bytes
   */
  public long limit() {
    return limit;
  }

  /**
   * What is taken at present.
   *
   * @return bytes, padding included
   */
  public long used() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What a piece of memory takes of the limit.
   *
   * @param size bytes, 0 or more
   * @return bytes, padding included; at most {@link Long#MAX_VALUE}
   */
  public long cost(long size) {
    if (size < 0) {
      throw new IllegalArgumentException("a size is 0 or more: " + size);
    }
    int rest = (int) (size % maxSlab);
    long padding = size / maxSlab * ALIGNMENT + (rest > 0 ? slabSize(rest) - rest + ALIGNMENT : 0);
    return padding > Long.MAX_VALUE - size ? Long.MAX_VALUE : size + padding;
  }

  /**
   * Takes memory, waiting for it if need be.
   *
   * @param size bytes, 0 or more
   * @param holder what for; its text is shown to others who wait in vain
   * @param timeout the longest wait
   * @return the memory, which the caller closes or freezes
   * @throws ObjectStoreException of kind OUT_OF_RESOURCES if the size is above the limit, or if the
   *     memory did not become free in time; the message names who holds what. Of kind CANCELLED if
   *     the thread was interrupted
   */
  public Lease acquire(long size, Object holder, Duration timeout) throws ObjectStoreException {
    long cost = cost(size);
    if (cost > limit) {
      throw exhausted(
          holder,
          Sizes.format(size)
              + " ("
              + Sizes.format(cost)
              + " with padding) is more than the memory limit of "
              + Sizes.format(limit)
              + "; read it in ranges or into a sink, or raise memory-limit and"
              + " -XX:MaxDirectMemorySize");
    }
    Storage storage = new Storage(this, holder, size, cost);
    reserve(storage, timeout);
    return fill(storage, slabs(size));
  }

  /**
   * Takes memory if it is free now.
   *
   * @param size bytes, 0 or more
   * @param holder what for
   * @return the memory, which the caller closes or freezes; or nothing if it is not free
   * @throws ObjectStoreException of kind OUT_OF_RESOURCES if the JVM has less direct memory left
   *     than this pool may use
   */
  public Optional<Lease> tryAcquire(long size, Object holder) throws ObjectStoreException {
    return tryAcquire(size, 0, holder);
  }

  /**
   * Takes memory if it is free now, and more beside it that stays free: for what is held so long
   * that others must be able to go on.
   *
   * @param size bytes, 0 or more
   * @param spare bytes that have to stay free, padding included, 0 or more
   * @param holder what for
   * @return the memory, which the caller closes or freezes; or nothing if so much is not free
   * @throws ObjectStoreException of kind OUT_OF_RESOURCES if the JVM has less direct memory left
   *     than this pool may use
   */
  public Optional<Lease> tryAcquire(long size, long spare, Object holder)
      throws ObjectStoreException {
    Storage storage = new Storage(this, holder, size, cost(size));
    lock.lock();
    try {
      if (!waiters.isEmpty() || storage.cost > limit - used - spare) {
        return Optional.empty();
      }
      take(storage);
    } finally {
      lock.unlock();
    }
    return Optional.of(fill(storage, slabs(size)));
  }

  /** How many threads wait. */
  int waiting() {
    lock.lock();
    try {
      return waiters.size();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that are kept for use again. */
  long idle() {
    lock.lock();
    try {
      return idleBytes;
    } finally {
      lock.unlock();
    }
  }

  private void reserve(Storage storage, Duration timeout) throws ObjectStoreException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      Condition turn = lock.newCondition();
      waiters.addLast(turn);
      try {
        while (waiters.peekFirst() != turn || used + storage.cost > limit) {
          if (left <= 0) {
            throw exhausted(storage.holder, "waited " + timeout.toMillis() + " ms for " + held());
          }
          left = turn.awaitNanos(left);
        }
        take(storage);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ObjectStoreException(
            Kind.CANCELLED, "acquire", null, "interrupted while waiting for memory", e);
      } finally {
        waiters.remove(turn);
        wakeNext();
      }
    } finally {
      lock.unlock();
    }
  }

  private void take(Storage storage) {
    used += storage.cost;
    holders.add(storage);
  }

  /** Takes idle slabs or makes new ones; the bytes are reserved already. */
  private Lease fill(Storage storage, int[] slabs) throws ObjectStoreException {
    List<ByteBuffer> pieces = new ArrayList<>(slabs.length);
    for (int slab : slabs) {
      ByteBuffer piece = takeIdle(slab);
      try {
        pieces.add(piece != null ? piece : allocate(slab));
      } catch (OutOfMemoryError e) {
        storage.giveBack(pieces);
        throw new ObjectStoreException(
            Kind.OUT_OF_RESOURCES,
            "acquire",
            null,
            "the JVM has no direct memory left for "
                + Sizes.format(slab)
                + "; raise -XX:MaxDirectMemorySize or lower memory-limit",
            e);
      }
    }
    return new Lease(storage, pieces);
  }

  /** An idle slab of this size, or null; then others make room so that the limit holds. */
  private ByteBuffer takeIdle(int slab) {
    lock.lock();
    try {
      Deque<ByteBuffer> same = idle.get(slab);
      if (same != null) {
        idleBytes -= slab + ALIGNMENT;
        ByteBuffer piece = same.pop();
        if (same.isEmpty()) {
          idle.remove(slab);
        }
        return piece;
      }
      while (idleBytes > 0 && used + idleBytes > limit) {
        Map.Entry<Integer, Deque<ByteBuffer>> largest = idle.lastEntry();
        largest.getValue().pop();
        idleBytes -= largest.getKey() + ALIGNMENT;
        if (largest.getValue().isEmpty()) {
          idle.remove(largest.getKey());
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private static ByteBuffer allocate(int slab) {
    ByteBuffer aligned = ByteBuffer.allocateDirect(slab + ALIGNMENT).alignedSlice(ALIGNMENT);
    return aligned.slice(0, slab);
  }

  /** Memory comes back; pieces that are not listed are left to the garbage collector. */
  void release(Storage storage, List<ByteBuffer> reusable) {
    if (CHECK) {
      reusable.forEach(BufferPool::poison);
    }
    lock.lock();
    try {
      if (!holders.remove(storage)) {
        throw new IllegalStateException("memory given back twice: " + storage.holder);
      }
      used -= storage.cost;
      for (ByteBuffer piece : reusable) {
        idle.computeIfAbsent(piece.capacity(), k -> new ArrayDeque<>()).push(piece);
        idleBytes += piece.capacity() + ALIGNMENT;
      }
      wakeNext();
    } finally {
      lock.unlock();
    }
  }

  private void wakeNext() {
    Condition next = waiters.peekFirst();
    if (next != null) {
      next.signal();
    }
  }

  private static void poison(ByteBuffer piece) {
    ByteBuffer all = piece.duplicate().clear();
    while (all.hasRemaining()) {
      all.put(POISON, 0, Math.min(POISON.length, all.remaining()));
    }
  }

  /** Called with the lock held. */
  private String held() {
    Map<String, long[]> byHolder = new HashMap<>();
    for (Storage s : holders) {
      byHolder.computeIfAbsent(s.describe(), k -> new long[1])[0] += s.cost;
    }
    return "memory; "
        + Sizes.format(used)
        + " of "
        + Sizes.format(limit)
        + " is held, by "
        + byHolder.entrySet().stream()
            .sorted(Comparator.comparingLong(e -> -e.getValue()[0]))
            .limit(5)
            .map(e -> e.getKey() + ": " + Sizes.format(e.getValue()[0]))
            .collect(Collectors.joining(", "))
        + (byHolder.size() > 5 ? ", …" : "")
        + ". Close the results that are no longer needed, lower max-concurrency, or raise"
        + " memory-limit";
  }

  private static ObjectStoreException exhausted(Object holder, String detail) {
    return new ObjectStoreException(
        Kind.OUT_OF_RESOURCES, String.valueOf(holder), null, detail, null);
  }

  /** The sizes of the slabs that hold a number of bytes, which is within the limit. */
  private int[] slabs(long size) {
    int full = Math.toIntExact(size / maxSlab);
    int rest = (int) (size % maxSlab);
    int[] slabs = new int[full + (rest > 0 ? 1 : 0)];
    Arrays.fill(slabs, maxSlab);
    if (rest > 0) {
      slabs[full] = slabSize(rest);
    }
    return slabs;
  }

  /** Four sizes to each doubling, so that at most a fifth of a large slab is idle. */
  static int slabSize(int size) {
    int step = Math.max(ALIGNMENT, Integer.highestOneBit(Math.max(size - 1, 1)) >>> 2);
    return Math.toIntExact((size + (long) step - 1) / step * step);
  }

  /** Bytes used, idle and allowed. */
  @Override
  public String toString() {
    lock.lock();
    try {
      return "BufferPool["
          + Sizes.format(used)
          + " used, "
          + Sizes.format(idleBytes)
          + " idle, limit "
          + Sizes.format(limit)
          + "]";
    } finally {
      lock.unlock();
    }
  }
}
