package io.s3dlio.jmh;

import com.sun.management.OperatingSystemMXBean;
import io.s3dlio.ByteSource;
import io.s3dlio.BytesView;
import io.s3dlio.datagen.DataGenerator;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorKernel;
import io.s3dlio.datagen.GeneratorPool;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.datagen.SlicePool;
import io.s3dlio.formats.FileFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Generates as {@code dev/peer-generators} tells it, in turn with the generators of others. Says
 * what it is, and then answers each line {@code way threads bytes milliseconds compression} by
 * {@code bytes nanoseconds cpuNanoseconds}.
 */
public final class GeneratorPeer {

  /** Between looks at the clock: large enough that it costs nothing. */
  private static final long AT_ONCE = 4 << 20;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** For all measurements: memory that is new is slow on some machines. */
  private final ByteBuffer memory = ByteBuffer.allocateDirect(256 << 20);

  private long sum;

  private GeneratorPeer() {}

  /** Makes some bytes, and says how many. */
  private interface Work {
    long run() throws IOException;
  }

  /**
   * Serves until its input ends.
   *
   * @param args none
   * @throws IOException if there is no memory
   */
  public static void main(String[] args) throws IOException {
    System.out.printf(
        "JDK %s, %s kernel%n", System.getProperty("java.version"), GeneratorKernel.name());
    GeneratorPeer peer = new GeneratorPeer();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      peer.serve(line.split(" "));
    }
    if (peer.sum == 0) {
      throw new IllegalStateException("all bytes were 0");
    }
  }

  private void serve(String[] words) throws IOException {
    int threads = Integer.parseInt(words[1]);
    int bytes = Integer.parseInt(words[2]);
    long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[3]));
    GeneratorSpec spec = GeneratorSpec.of(1).withCompression(Double.parseDouble(words[4]));
    switch (words[0]) {
      case "slices" -> {
        try (SlicePool pool = new SlicePool(spec)) {
          measure(nanos, () -> slice(pool, bytes));
        }
      }
      case "fill" -> {
        ByteBuffer buffer = memory.slice(0, bytes);
        GeneratedObject object = spec.object("peer", Long.MAX_VALUE);
        try (GeneratorPool pool = new GeneratorPool(threads)) {
          DataGenerator generator = new DataGenerator(object, pool);
          generator.fill(buffer);
          measure(nanos, () -> generator.fill(buffer.clear()));
        }
      }
      default -> {
        FileFormat format = FileFormat.parse(words[0]);
        measure(nanos, () -> file(format, spec.object("peer", bytes)));
      }
    }
  }

  /** Of a file what it is of counts: that of others is as large. */
  private long file(FileFormat format, GeneratedObject data) throws IOException {
    ByteSource file = format.around(data);
    file.read(0, memory.slice(0, (int) file.size()));
    return data.size();
  }

  private long slice(SlicePool pool, int bytes) throws IOException {
    try (BytesView slice = pool.nextSlice(bytes)) {
      sum |= slice.asByteBuffer().get(0);
    }
    return bytes;
  }

  private void measure(long nanos, Work work) throws IOException {
    long cpu = SYSTEM.getProcessCpuTime();
    long begun = System.nanoTime();
    long made = 0;
    long elapsed;
    do {
      for (long end = made + AT_ONCE; made < end; ) {
        made += work.run();
      }
      elapsed = System.nanoTime() - begun;
    } while (elapsed < nanos);
    sum |= made;
    System.out.printf("%d %d %d%n", made, elapsed, SYSTEM.getProcessCpuTime() - cpu);
  }
}
