package io.s3dlio.jmh;

import io.s3dlio.ByteSource;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.datagen.CheckResult;
import io.s3dlio.datagen.CheckingSink;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratedVectors;
import io.s3dlio.datagen.GeneratorKernel;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.formats.FileFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Making and checking generated data beside memset and one read of the same memory, in one JVM, in
 * turn: what else the machine does meets all of them. Prints the best of many rounds, in GB/s.
 */
public final class GeneratorSpeed {

  private static final String HELP =
      """
      Measures making and checking generated data beside memset and a read of the same memory.
        seconds=8   about the time for each row
      """;

  private static final int MIB = 1 << 20;
  private static final int FILE = 128 * MIB;

  private final long nanos;

  private GeneratorSpeed(double seconds) {
    this.nanos = (long) (seconds * 1e9);
  }

  /** One way of going through a piece of memory. */
  private interface Work {
    void run(ByteBuffer memory);
  }

  /**
   * Measures and prints.
   *
   * @param args {@code help} shows them
   * @throws Exception if a thread fails
   */
  public static void main(String[] args) throws Exception {
    double seconds = new Options(HELP, args).seconds("seconds");
    System.out.printf(
        "JDK %s, %s kernel, GB/s%n", System.getProperty("java.version"), GeneratorKernel.name());
    GeneratorSpeed speed = new GeneratorSpeed(seconds);
    for (int threads = 1; threads <= 2; threads++) {
      for (int mib : new int[] {1, 32, 256}) {
        speed.large(threads, mib * MIB);
      }
    }
    speed.small();
    speed.files();
  }

  private void large(int threads, int size) throws Exception {
    GeneratorSpec plain = GeneratorSpec.of(1);
    Map<String, Work> works = new LinkedHashMap<>();
    works.put("memset", GeneratorSpeed::memset);
    works.put("read", GeneratorSpeed::read);
    both(works, "plain", plain.object("speed", size));
    both(works, "compress 2", plain.withCompression(2).object("speed", size));
    both(works, "dedup 2", plain.withDedup(2).object("speed", size));
    both(works, "512", plain.withDedup(2).withDedupBlock(512).object("speed", size));
    floats(works, size);
    double[] rates = best(threads, size, List.copyOf(works.values()));
    print("%d thread(s), %d MiB".formatted(threads, size / MIB), works, rates);
  }

  private static void print(String title, Map<String, Work> works, double[] rates) {
    System.out.print(title + ":");
    int next = 0;
    for (String work : works.keySet()) {
      System.out.printf(Locale.ROOT, " | %s %.1f", work, rates[next++]);
    }
    System.out.println();
  }

  /** What is checked was made just before. */
  private static void both(Map<String, Work> works, String name, GeneratedObject object) {
    works.put("make " + name, memory -> object.read(0, memory));
    works.put(
        "check " + name,
        memory -> {
          Optional<CheckResult> wrong = object.check(0, memory);
          if (wrong.isPresent()) {
            throw new IllegalStateException("the bytes are wrong: " + wrong.get());
          }
        });
  }

  /** What is scaled in place was made just before, and has length 1 already: that takes as long. */
  private static void floats(Map<String, Work> works, int size) {
    int dimension = 1024;
    GeneratedVectors uniform =
        GeneratedVectors.uniform(1, "speed", size / Float.BYTES / dimension, dimension)
            .withRange(-1, 1);
    GeneratedVectors normalized = uniform.normalized();
    works.put("floats", memory -> uniform.read(0, memory));
    works.put("normalized", memory -> normalized.read(0, memory));
    works.put(
        "normalize",
        memory ->
            GeneratedVectors.normalizeRows(
                memory.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer(), dimension));
  }

  /** Small reads: in order, each going on where the last one ended; and anywhere. */
  private void small() throws Exception {
    GeneratedObject object = GeneratorSpec.of(1).object("small", 1L << 40);
    for (int piece : new int[] {512, 1024, 4096, 32 << 10}) {
      double rate =
          bestOfOne(
              memory -> {
                for (int at = 0; at < MIB; at += piece) {
                  object.read(at, memory.limit(at + piece).position(at));
                }
              });
      System.out.printf("in order, %d bytes at a time: %.1f%n", piece, rate);
    }
    double rate =
        bestOfOne(
            memory -> {
              for (int at = 0; at < MIB; at += 4096) {
                // 8 pages in a unit: each page of a unit once, and never two of one unit in a row.
                long page = at / 4096 * 9L;
                object.read(page * 4096, memory.limit(at + 4096).position(at));
              }
            });
    System.out.printf("anywhere, 4096 bytes at a time: %.1f%n", rate);
  }

  /** Files from begin to end, whose size is a little more than that of their data. */
  private void files() throws Exception {
    GeneratedObject data = GeneratorSpec.of(1).object("file", FILE);
    Map<String, Work> works = new LinkedHashMap<>();
    works.put("data alone", memory -> data.read(0, memory.limit(FILE)));
    works.put("npz", memory -> read(FileFormat.parse("npz").around(data), memory));
    for (String format : List.of("npz", "hdf5", "tfrecord", "parquet")) {
      ByteSource file = FileFormat.parse(format).around(data);
      works.put(format + " again", memory -> read(file, memory));
      works.put("check " + format, memory -> check(file, memory));
    }
    double[] rates = best(1, FILE + MIB, List.copyOf(works.values()));
    for (int i = 0; i < rates.length; i++) {
      rates[i] *= (double) FILE / (FILE + MIB); // what is around the data does not count
    }
    print("files, %d MiB".formatted(FILE / MIB), works, rates);
  }

  private static void read(ByteSource file, ByteBuffer memory) {
    try {
      file.read(0, memory.limit((int) file.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void check(ByteSource file, ByteBuffer memory) {
    CheckingSink sink = new CheckingSink(file);
    try {
      sink.write(0, memory.limit((int) file.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!sink.result().isWholeAndRight()) {
      throw new IllegalStateException("the bytes are wrong: " + sink.result());
    }
  }

  private double bestOfOne(Work work) throws Exception {
    return best(1, MIB, List.of(work))[0];
  }

  /** All works in turn, round after round: the best rate of each, of all threads together. */
  private double[] best(int threads, int size, List<Work> works) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<long[]>> runs = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        ByteBuffer memory = aligned(size);
        runs.add(executor.submit(() -> fastest(start, memory, works)));
      }
      double[] rates = new double[works.size()];
      for (Future<long[]> run : runs) {
        long[] fastest = run.get(10, TimeUnit.MINUTES);
        for (int i = 0; i < rates.length; i++) {
          rates[i] += (double) size / fastest[i];
        }
      }
      return rates;
    } finally {
      executor.shutdownNow();
    }
  }

  /** As those of a pool are; elsewhere each vector's store would touch two lines of the cache. */
  private static ByteBuffer aligned(int size) {
    int roundedAtBothEnds = size + 2 * BufferPool.ALIGNMENT;
    return ByteBuffer.allocateDirect(roundedAtBothEnds)
        .alignedSlice(BufferPool.ALIGNMENT)
        .slice(0, size);
  }

  private long[] fastest(CyclicBarrier start, ByteBuffer memory, List<Work> works)
      throws Exception {
    long[] fastest = new long[works.size()];
    Arrays.fill(fastest, Long.MAX_VALUE);
    // At ten bytes a nanosecond, and most are faster.
    long rounds = Math.max(5, 10 * nanos / memory.capacity() / works.size());
    for (long round = 0; round < rounds; round++) {
      for (int i = 0; i < fastest.length; i++) {
        start.await(1, TimeUnit.MINUTES);
        long begun = System.nanoTime();
        works.get(i).run(memory.clear());
        fastest[i] = Math.min(fastest[i], System.nanoTime() - begun);
      }
    }
    return fastest;
  }

  private static void memset(ByteBuffer memory) {
    LibC.memset(memory, 1);
  }

  private static void read(ByteBuffer memory) {
    if (LibC.memchr(memory, 2) != null) {
      throw new IllegalStateException("there is a byte that was not put there");
    }
  }
}
