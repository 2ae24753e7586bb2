package io.s3dlio;

import io.s3dlio.internal.ManyReads;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Many objects, one after the other in the order of the input, read ahead. The caller closes it,
 * and every result that it has taken.
 *
 * <p>Memory is given in the order of the input. What is read ahead takes what is free; if the next
 * object needs it, it is given back and read again later. So whatever is left for the caller's
 * results, and however many streams share the memory: {@link #next} waits for the caller's own
 * results to be closed, or for those of others, never for what this stream has read ahead. After
 * {@code memory-timeout} it has an outcome of kind OUT_OF_RESOURCES that says who holds what.
 *
 * <p>For one thread at a time. Interrupting it gives an outcome of kind CANCELLED, and another for
 * every item as long as the thread is interrupted.
 */
public final class ManyStream implements Iterator<Outcome<GetResult>>, AutoCloseable {

  private final ManyReads reads;

  ManyStream(ManyReads reads) {
    this.reads = reads;
  }

  /**
   * Whether there is another item. Does not wait.
   *
   * @return false after the last, or after an error if that is to end all
   */
  @Override
  public boolean hasNext() {
    return reads.hasNext();
  }

  /**
   * The next item's outcome.
   *
   * @return its result, which the caller closes, or its error
   * @throws NoSuchElementException if there is none
   * @throws IllegalStateException if the stream was closed
   */
  @Override
  public Outcome<GetResult> next() {
    return reads.next();
  }

  /**
   * Gives up what is under way, and the memory of what was not taken. Harmless when done before.
   */
  @Override
  public void close() {
    reads.close();
  }
}
