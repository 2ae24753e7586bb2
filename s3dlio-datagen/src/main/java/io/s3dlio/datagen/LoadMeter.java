package io.s3dlio.datagen;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

  /**
   * Waits until bytes are made; nothing but the CPU holds that up.
   *
   * @throws IOException or another exception, that of who makes them
   */
  <T> T waitFor(CompletableFuture<T> bytes) throws IOException {
    long began = System.nanoTime();
    try {
      return result(bytes);
    } finally {
      waits.increment();
      waitNanos.add(System.nanoTime() - began);
    }
  }

  /** The same without being counted, where it does not take any time. */
  static <T> T result(CompletableFuture<T> bytes) throws IOException {
    try {
      return bytes.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e;
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
