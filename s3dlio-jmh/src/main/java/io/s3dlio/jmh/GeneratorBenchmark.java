package io.s3dlio.jmh;

import io.s3dlio.datagen.CheckingSink;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorPool;
import io.s3dlio.datagen.GeneratorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Making bytes in direct memory and checking bytes there. Operations a second times {@code size}
 * are bytes a second. The ceilings are memset and read of {@link MemoryBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GeneratorBenchmark {
  /** Bytes in one operation: in cache, around it, and beyond it. */
  @Param({"1048576", "33554432", "268435456"})
  int size;

  private GeneratedObject object;
  private ByteBuffer made;
  private ByteBuffer checked;
  private CheckingSink sink;
  private GeneratorPool twoThreads;

  /** Touches every page, so that no page fault is measured. */
  @Setup
  public void allocate() {
    object = GeneratorSpec.of(1).object("benchmark", size);
    made = ByteBuffer.allocateDirect(size);
    checked = ByteBuffer.allocateDirect(size);
    object.read(0, made);
    object.read(0, checked);
    sink = new CheckingSink(object);
    twoThreads = new GeneratorPool(2);
  }

  /**
   * Stops the threads and sees that what was measured was right.
   *
   * @throws IllegalStateException if not
   */
  @TearDown
  public void stop() {
    twoThreads.close();
    if (!sink.result().isRight() || made.rewind().mismatch(checked.rewind()) >= 0) {
      throw new IllegalStateException("the bytes are wrong: " + sink.result());
    }
  }

  /**
   * Making bytes on one thread.
   *
   * @return the memory written
   */
  @Benchmark
  public ByteBuffer fill() {
    object.read(0, made.clear());
    return made;
  }

  /**
   * Making bytes on two threads.
   *
   * @return the memory written
   */
  @Benchmark
  public ByteBuffer fillByTwo() {
    twoThreads.fill(object, 0, made.clear());
    return made;
  }

  /**
   * Checking bytes on one thread.
   *
   * @return the sink
   * @throws IOException never
   */
  @Benchmark
  public CheckingSink check() throws IOException {
    sink.write(0, checked.clear());
    return sink;
  }
}
