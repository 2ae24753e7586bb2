package io.s3dlio.datagen;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/** Counts what workers do and how long others wait for them. Thread-safe. */
final class LoadMeter {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final long start = System.nanoTime();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder busyNanos = new LongAdder();
  private final LongAdder cpuNanos = new LongAdder();
  private final LongAdder waits = new LongAdder();
  private final LongAdder waitNanos = new LongAdder();

  /** Makes bytes. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Runs work of the calling thread that makes so many bytes. */
  void measure(long length, Work work) throws IOException {
    long began = System.nanoTime();
    long cpuBefore = THREADS.getCurrentThreadCpuTime();
    work.run();
    cpuNanos.add(THREADS.getCurrentThreadCpuTime() - cpuBefore);
    busyNanos.add(System.nanoTime() - began);
    bytes.add(length);
  }

  /** Waits until bytes are made, of which a failure is no result. */
  <T> T waitFor(CompletableFuture<T> bytes) {
    long began = System.nanoTime();
    try {
      return bytes.join();
    } finally {
      waits.increment();
      waitNanos.add(System.nanoTime() - began);
    }
  }

  GeneratorLoad load(int threads) {
    return new GeneratorLoad(
        threads,
        bytes.sum(),
        (System.nanoTime() - start) / 1e9,
        busyNanos.sum() / 1e9,
        cpuNanos.sum() / 1e9,
        waits.sum(),
        waitNanos.sum() / 1e9);
  }
}
