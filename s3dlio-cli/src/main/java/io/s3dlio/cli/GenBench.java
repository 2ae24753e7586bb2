package io.s3dlio.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.datagen.CheckResult;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorKernel;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.platform.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * How fast threads make and check data, each in memory of its own, beside memset and memcpy. All do
 * the same at the same time, one thing after the other, round after round; after a second to warm
 * up, of each the round counts in which the last thread ended soonest.
 *
 * @param spec what the data is like
 * @param bufferBytes that each thread works on; it has two such buffers
 * @param seconds how long to go on when all is warm, at least
 * @param onThread run by each thread before it touches memory
 */
record GenBench(GeneratorSpec spec, int bufferBytes, int seconds, Runnable onThread) {

  /** Uncounted: the JVM compiles then, and memory is touched for the first time. */
  static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int LEAST_ROUNDS = 5;
  private static final int STUCK_MINUTES = 65;

  /** Bytes a second of all threads together; 0 for memset where there is none. */
  record Rates(
      int threads,
      String kernel,
      long bufferBytes,
      double generate,
      double check,
      double memset,
      double memcpy) {

    /** From the fields that were written, as text. */
    static Rates of(Map<String, String> fields) {
      return new Rates(
          Integer.parseInt(fields.get("threads")),
          fields.get("kernel"),
          Long.parseLong(fields.get("bufferBytes")),
          Double.parseDouble(fields.get("generateBytesPerSecond")),
          Double.parseDouble(fields.get("checkBytesPerSecond")),
          Double.parseDouble(fields.get("memsetBytesPerSecond")),
          Double.parseDouble(fields.get("memcpyBytesPerSecond")));
    }

    /** Those of both at the same time. */
    Rates plus(Rates other) {
      return new Rates(
          threads + other.threads,
          kernel,
          bufferBytes,
          generate + other.generate,
          check + other.check,
          memset + other.memset,
          memcpy + other.memcpy);
    }

    void write(JsonGenerator json) throws IOException {
      json.writeNumberField("threads", threads);
      json.writeStringField("kernel", kernel);
      json.writeNumberField("bufferBytes", bufferBytes);
      json.writeNumberField("generateBytesPerSecond", Math.round(generate));
      json.writeNumberField("checkBytesPerSecond", Math.round(check));
      json.writeNumberField("memsetBytesPerSecond", Math.round(memset));
      json.writeNumberField("memcpyBytesPerSecond", Math.round(memcpy));
    }
  }

  /** Measures. */
  Rates run(int threads) throws IOException {
    Crew crew = new Crew(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      CompletionService<Void> members = new ExecutorCompletionService<>(executor);
      for (int i = 0; i < threads; i++) {
        GeneratedObject object = spec.object("bench-" + i, bufferBytes, i);
        members.submit(() -> crew.work(object));
      }
      for (int i = 0; i < threads; i++) {
        Future<Void> ended = members.poll(STUCK_MINUTES, TimeUnit.MINUTES);
        if (ended == null) {
          throw CommandException.failed("the measurement is stuck");
        }
        // Of those that fail the first: the others fail because they wait for it.
        ended.get();
      }
    } catch (ExecutionException e) {
      throw failed(e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("cancelled", e);
    } finally {
      executor.shutdownNow();
    }
    return new Rates(
        threads,
        GeneratorKernel.name(),
        bufferBytes,
        crew.rate(Work.GENERATE),
        crew.rate(Work.CHECK),
        Memory.missing().isEmpty() ? crew.rate(Work.MEMSET) : 0,
        crew.rate(Work.MEMCPY));
  }

  private IOException failed(Throwable why, ExecutionException cause) {
    return why instanceof OutOfMemoryError
        ? CommandException.failed(
            "no memory for two buffers of "
                + Units.bytes(bufferBytes)
                + " a thread: use fewer --threads, a smaller --buffer or a larger"
                + " -XX:MaxDirectMemorySize in S3DLIO_JAVA_OPTS",
            cause)
        : CommandException.failed("the measurement failed: " + Messages.of(why), cause);
  }

  /** What is measured, in this order: what is checked was made just before. */
  private enum Work {
    MEMSET,
    GENERATE,
    CHECK,
    MEMCPY;

    void run(GeneratedObject object, ByteBuffer memory, ByteBuffer other) {
      switch (this) {
        case MEMSET -> Memory.set(memory, 1);
        case GENERATE -> object.read(0, memory.clear());
        case CHECK -> {
          Optional<CheckResult> wrong = object.check(0, memory.clear());
          if (wrong.isPresent()) {
            throw new IllegalStateException("what was made is wrong: " + wrong.get());
          }
        }
        case MEMCPY -> other.put(0, memory, 0, memory.capacity());
      }
    }
  }

  /** Threads that do the same at the same time. */
  private final class Crew {

    private final int threads;
    private final CyclicBarrier begin;
    private final CyclicBarrier end;

    // Written by whoever comes last to a barrier, before it opens.
    private final long[] fastest = new long[Work.values().length];
    private boolean warm;
    private long deadline = System.nanoTime() + WARM_UP_NANOS;
    private long begun;
    private int ended;
    private boolean over;

    Crew(int threads) {
      this.threads = threads;
      this.begin = new CyclicBarrier(threads, () -> begun = System.nanoTime());
      this.end = new CyclicBarrier(threads, this::ended);
      Arrays.fill(fastest, Long.MAX_VALUE);
    }

    private void ended() {
      long now = System.nanoTime();
      int work = ended++ % fastest.length;
      if (warm) {
        fastest[work] = Math.min(fastest[work], now - begun);
        over = ended >= LEAST_ROUNDS * fastest.length && now > deadline;
      } else if (work == fastest.length - 1 && now > deadline) {
        warm = true;
        ended = 0;
        deadline = now + TimeUnit.SECONDS.toNanos(seconds);
      }
    }

    /** What each thread does. */
    Void work(GeneratedObject object) throws InterruptedException, BrokenBarrierException {
      onThread.run();
      ByteBuffer memory = pages();
      ByteBuffer other = pages();
      do {
        for (Work work : Work.values()) {
          begin.await();
          work.run(object, memory, other);
          end.await();
        }
      } while (!over);
      return null;
    }

    /** Memory that begins at a page, as that of uploads does; it need not end at one. */
    private ByteBuffer pages() {
      int roundedAtBothEnds = bufferBytes + 2 * BufferPool.ALIGNMENT;
      return ByteBuffer.allocateDirect(roundedAtBothEnds)
          .alignedSlice(BufferPool.ALIGNMENT)
          .slice(0, bufferBytes);
    }

    double rate(Work work) {
      return (double) threads * bufferBytes / (fastest[work.ordinal()] / 1e9);
    }
  }
}
