package io.s3dlio.internal;

import io.s3dlio.GetItem;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import java.util.concurrent.CompletableFuture;

/**
 * An item of many from when it is begun to when it is taken. Guarded by the monitor of its {@link
 * ReadAhead}, but that a thread which has claimed it may read its state, its read and what was in
 * vain: nobody else changes those then.
 */
final class Slot {

  /** How far it is. */
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

  /** What it has got: all of its bytes, or some. */
  record Memory(GetItem item, GetResult result, PooledRead read) {

    /** Gives it back, as if it had never been read. */
    void giveBack() {
      long bytes;
      if (result == null) {
        bytes = read.progress();
        read.close();
      } else {
        bytes = result.bytes().size();
        result.close();
      }
      item.options().progress().transferred(-bytes);
    }
  }

  final int index;
  final GetItem item;
  State state = State.IDLE;
  PooledRead read;

  /** How often the answer was of another size than the memory that was got for it. */
  int inVain;

  /** The thread that asks for it. */
  Thread asker;

  /** What was asked and is not answered; with its deadline, by the clock of nanoTime. */
  CompletableFuture<Void> request;

  long deadline;
  boolean overdue;

  /** Whether nobody waits for it any more. */
  boolean unwanted;

  GetResult result;
  ObjectStoreException error;

  Slot(int index, GetItem item) {
    this.index = index;
    this.item = item;
  }

  ObjectUri uri() {
    return item.uri();
  }

  boolean isDone() {
    return state == State.DONE;
  }

  /** Whether it has memory, and no thread works on it. */
  boolean hasMemory() {
    return result != null || state == State.ANSWERED;
  }

  /** Takes that away, if there is any; it is then to be read again. */
  Memory takeMemory() {
    if (!hasMemory()) {
      return null;
    }
    Memory memory = new Memory(item, result, read);
    result = null;
    state = State.IDLE;
    return memory;
  }
}
