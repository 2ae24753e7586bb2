package io.s3dlio.layer;

import io.s3dlio.spi.StoreBackend;
import java.util.ArrayDeque;
import java.util.List;

/** Keeps the last requests: for tests that assert what was asked, and for a look back. */
public final class Recording implements Layer {

  private final Layer tap = new Tap(this::add);
  private final ArrayDeque<RecordedCall> calls = new ArrayDeque<>();
  private final int capacity;
  private long dropped;

  /**
   * Makes the layer.
   *
   * @param capacity how many requests it keeps, 1 or more; older ones are dropped
   */
  public Recording(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a recording keeps 1 request or more: " + capacity);
    }
    this.capacity = capacity;
  }

  @Override
  public StoreBackend over(StoreBackend backend) {
    return tap.over(backend);
  }

  private synchronized void add(RecordedCall call) {
    if (calls.size() == capacity) {
      calls.removeFirst();
      dropped++;
    }
    calls.addLast(call);
  }

  /**
   * The requests that are kept.
   *
   * @return a copy, in the order in which they ended
   */
  public synchronized List<RecordedCall> calls() {
    return List.copyOf(calls);
  }

  /**
   * Those that were one operation.
   *
   * @param operation which
   * @return a copy, in the order in which they ended
   */
  public List<RecordedCall> calls(Operation operation) {
    return calls().stream().filter(one -> one.call().operation() == operation).toList();
  }

  /**
   * How many are not kept any more.
   *
   * @return since the beginning or the last {@link #clear}
   */
  public synchronized long dropped() {
    return dropped;
  }

  /** Forgets all. */
  public synchronized void clear() {
    calls.clear();
    dropped = 0;
  }
}
