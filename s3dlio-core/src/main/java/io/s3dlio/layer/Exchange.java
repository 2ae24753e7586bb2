package io.s3dlio.layer;

import java.util.concurrent.atomic.AtomicLong;

/** A request from when it is asked for to its end. Thread-safe. */
final class Exchange {

  private final Call call;
  private final long startNanos = System.nanoTime();
  private final AtomicLong received = new AtomicLong();
  private volatile long answerNanos;
  private volatile boolean answered;

  Exchange(Call call) {
    this.call = call;
  }

  Call call() {
    return call;
  }

  /** When it was asked for, by {@link System#nanoTime}. */
  long startNanos() {
    return startNanos;
  }

  /** The first answer to a read begins. */
  void answered() {
    if (!answered) {
      answerNanos = System.nanoTime();
      answered = true;
    }
  }

  /** Whether an answer to a read has begun. */
  boolean isAnswered() {
    return answered;
  }

  /** When it did. */
  long answerNanos() {
    return answerNanos;
  }

  void received(long bytes) {
    received.addAndGet(bytes);
  }

  /** Bytes read so far, those of broken and repeated answers too. */
  long received() {
    return received.get();
  }
}
