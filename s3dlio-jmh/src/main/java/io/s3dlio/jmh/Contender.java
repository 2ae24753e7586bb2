package io.s3dlio.jmh;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** A client that {@link DataPathCost} measures. */
interface Contender extends AutoCloseable {

  /** Objects of one {@link Work#MANY}. */
  int MANY = 256;

  /** Requests under way in it. */
  int IN_FLIGHT = 32;

  /** What is asked of it. */
  enum Work {
    /** Reads an object into memory. */
    GET,
    /** Writes an object from memory. */
    PUT,
    /** Reads {@link #MANY} objects, {@link #IN_FLIGHT} at a time. */
    MANY
  }

  String name();

  /** Whether it has its own way of doing this. */
  default boolean does(Work work, int size) {
    return true;
  }

  /**
   * Does it once.
   *
   * @param size of an object, in bytes
   */
  void run(Work work, int size) throws Exception;

  /** How many objects that moves. */
  default int objects(Work work) {
    return work == Work.MANY ? MANY : 1;
  }

  /** As many requests as a batch has, as many at a time as may be. */
  static void inFlight(Supplier<CompletableFuture<?>> request) throws Exception {
    Semaphore free = new Semaphore(IN_FLIGHT);
    CompletableFuture<?>[] all = new CompletableFuture<?>[MANY];
    for (int i = 0; i < MANY; i++) {
      free.acquire();
      all[i] = request.get().whenComplete((value, error) -> free.release());
    }
    CompletableFuture.allOf(all).get();
  }

  /** That all of an object came. */
  static void check(long bytes, int size) {
    if (bytes != size) {
      throw new IllegalStateException(bytes + " bytes in place of " + size);
    }
  }

  @Override
  void close() throws IOException;
}
