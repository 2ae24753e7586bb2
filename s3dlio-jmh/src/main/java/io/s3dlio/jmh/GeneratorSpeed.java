package io.s3dlio.jmh;

import com.sun.jna.Native;
import io.s3dlio.datagen.CheckResult;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorKernel;
import io.s3dlio.datagen.GeneratorSpec;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Making and checking generated data beside memset and one read of the same memory, in one JVM, in
 * turn: what else the machine does meets all of them. Prints the best of some seconds, in GB/s.
 *
 * <p>Arguments: {@code seconds=2}, the time for each row.
 */
public final class GeneratorSpeed {

  private static final int MIB = 1 << 20;

  private final long nanos;

  private GeneratorSpeed(long seconds) {
    this.nanos = TimeUnit.SECONDS.toNanos(seconds);
  }

  /** One way of going through a piece of memory. */
  private interface Work {
    void run(ByteBuffer memory);
  }

  /**
   * Measures and prints.
   *
   * @param args see above
   * @throws Exception if a thread fails
   */
  public static void main(String[] args) throws Exception {
    long seconds = args.length == 0 ? 2 : Long.parseLong(args[0].replace("seconds=", ""));
    System.out.printf(
        "JDK %s, %s kernel, GB/s%n", System.getProperty("java.version"), GeneratorKernel.name());
    GeneratorSpeed speed = new GeneratorSpeed(seconds);
    for (int threads = 1; threads <= 2; threads++) {
      for (int mib : new int[] {1, 32, 256}) {
        speed.large(threads, mib * MIB);
      }
    }
    speed.small();
  }

  private void large(int threads, int size) throws Exception {
    System.out.printf("%d thread(s), %d MiB:", threads, size / MIB);
    GeneratorSpec plain = GeneratorSpec.of(1);
    print("memset", best(threads, size, GeneratorSpeed::memset));
    print("read", best(threads, size, GeneratorSpeed::read));
    both("plain", threads, size, plain);
    both("compress 2", threads, size, plain.withCompression(2));
    both("dedup 2", threads, size, plain.withDedup(2));
    both("dedup 2, blocks of 512", threads, size, plain.withDedup(2).withDedupBlock(512));
    System.out.println();
  }

  private void both(String name, int threads, int size, GeneratorSpec spec) throws Exception {
    GeneratedObject object = spec.object("speed", size);
    print("make " + name, best(threads, size, memory -> object.read(0, memory)));
    print(
        "check " + name,
        best(
            threads,
            size,
            memory -> {
              Optional<CheckResult> wrong = object.check(0, memory);
              if (wrong.isPresent()) {
                throw new IllegalStateException("the bytes are wrong: " + wrong.get());
              }
            },
            memory -> object.read(0, memory)));
  }

  /** Small reads: in order, each going on where the last one ended; and anywhere. */
  private void small() throws Exception {
    GeneratedObject object = GeneratorSpec.of(1).object("small", 1L << 40);
    for (int piece : new int[] {512, 1024, 4096, 32 << 10}) {
      double rate =
          best(
              1,
              MIB,
              memory -> {
                for (int at = 0; at < MIB; at += piece) {
                  object.read(at, memory.limit(at + piece).position(at));
                }
              });
      System.out.printf("in order, %d bytes at a time: %.1f%n", piece, rate);
    }
    double rate =
        best(
            1,
            MIB,
            memory -> {
              for (int at = 0; at < MIB; at += 4096) {
                // 8 pages in a unit: each page of a unit once, and never two of one unit in a row.
                long page = at / 4096 * 9L;
                object.read(page * 4096, memory.limit(at + 4096).position(at));
              }
            });
    System.out.printf("anywhere, 4096 bytes at a time: %.1f%n", rate);
  }

  private double best(int threads, int size, Work work) throws Exception {
    return best(threads, size, work, GeneratorSpeed::memset);
  }

  private double best(int threads, int size, Work work, Work prepare) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      ByteBuffer[] memory = new ByteBuffer[threads];
      for (int i = 0; i < threads; i++) {
        memory[i] = ByteBuffer.allocateDirect(size);
        prepare.run(memory[i].clear());
      }
      CyclicBarrier start = new CyclicBarrier(threads);
      Future<?>[] runs = new Future<?>[threads];
      long[] best = new long[threads];
      for (int i = 0; i < threads; i++) {
        int thread = i;
        runs[i] =
            executor.submit(
                () -> {
                  best[thread] = fastest(start, memory[thread], work);
                  return null;
                });
      }
      double rate = 0;
      for (int i = 0; i < threads; i++) {
        runs[i].get(10, TimeUnit.MINUTES);
        rate += (double) size / best[i];
      }
      return rate;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private long fastest(CyclicBarrier start, ByteBuffer memory, Work work) throws Exception {
    start.await(1, TimeUnit.MINUTES);
    long fastest = Long.MAX_VALUE;
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      long begun = System.nanoTime();
      work.run(memory.clear());
      fastest = Math.min(fastest, System.nanoTime() - begun);
    }
    return fastest;
  }

  private static void memset(ByteBuffer memory) {
    LibC.memset(Native.getDirectBufferPointer(memory), 1, new LibC.SizeT(memory.capacity()));
  }

  /** The C library's memchr for a byte that is not there. */
  private static void read(ByteBuffer memory) {
    if (LibC.memchr(Native.getDirectBufferPointer(memory), 2, new LibC.SizeT(memory.capacity()))
        != null) {
      throw new IllegalStateException("there is a byte that was not put there");
    }
  }

  private static void print(String what, double rate) {
    System.out.printf(Locale.ROOT, " | %s %.1f", what, rate);
  }
}
