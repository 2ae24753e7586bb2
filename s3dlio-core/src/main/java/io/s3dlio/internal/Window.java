package io.s3dlio.internal;

import io.s3dlio.GetItem;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeSet;

/**
 * The items that were begun and not taken, in the order of the input. The first is the head, which
 * is taken next. Not thread-safe.
 */
final class Window implements Iterable<Slot> {

  private final List<GetItem> items;
  private final int width;
  private final Deque<Slot> slots = new ArrayDeque<>();
  private int begun;

  /** What was begun and is to be begun again. */
  private final TreeSet<Slot> again = new TreeSet<>(Comparator.comparingInt(slot -> slot.index));

  /**
   * Nothing is begun.
   *
   * @param width how many may be in it
   */
  Window(List<GetItem> items, int width) {
    this.items = items;
    this.width = width;
  }

  boolean hasNext() {
    return !slots.isEmpty() || begun < items.size();
  }

  /** The head, begun if need be. */
  Slot head() {
    if (!hasNext()) {
      throw new NoSuchElementException("all outcomes were taken");
    }
    return slots.isEmpty() ? append() : slots.peekFirst();
  }

  private Slot append() {
    Slot slot = new Slot(begun, items.get(begun));
    begun++;
    slots.addLast(slot);
    return slot;
  }

  boolean isHead(Slot slot) {
    return slot == slots.peekFirst();
  }

  /** Takes the head out, which has to be there. */
  Slot removeHead() {
    Slot head = slots.removeFirst();
    again.remove(head);
    return head;
  }

  /** How many could be begun. */
  int idle() {
    return again.size() + Math.min(width - slots.size(), items.size() - begun);
  }

  /** The place of the one to begin next, if there is one. */
  int next() {
    return again.isEmpty() ? begun : again.first().index;
  }

  /** Begins that. */
  Slot begin() {
    return again.isEmpty() ? append() : again.pollFirst();
  }

  /** This one is to be begun again. */
  void again(Slot slot) {
    again.add(slot);
  }

  /** This one is begun, out of its turn perhaps. */
  void notAgain(Slot slot) {
    again.remove(slot);
  }

  /** From the last one to the head. */
  @Override
  public Iterator<Slot> iterator() {
    return slots.descendingIterator();
  }

  /** Takes all out. */
  List<Slot> clear() {
    List<Slot> all = List.copyOf(slots);
    slots.clear();
    again.clear();
    return all;
  }
}
