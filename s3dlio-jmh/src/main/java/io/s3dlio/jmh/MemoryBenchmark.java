package io.s3dlio.jmh;

import com.sun.jna.Pointer;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * The ceilings that the other benchmarks are held against: filling, copying and reading direct
 * memory. Operations a second times {@code size} are bytes a second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MemoryBenchmark {
  /** Bytes in one operation: in cache, around it, and beyond it. */
  @Param({"1048576", "33554432", "268435456"})
  int size;

  private ByteBuffer from;
  private ByteBuffer to;

  /** Touches every page, so that no page fault is measured. */
  @Setup
  public void allocate() {
    from = ByteBuffer.allocateDirect(size);
    to = ByteBuffer.allocateDirect(size);
    copy();
  }

  /**
   * The speed of memcpy.
   *
   * @return the memory written
   */
  @Benchmark
  public ByteBuffer copy() {
    return to.put(0, from, 0, size);
  }

  /**
   * The speed of a loop of 8-byte stores, which the JIT compiler makes into vector stores.
   *
   * @return the memory written
   */
  @Benchmark
  public ByteBuffer fill() {
    for (int at = 0; at < size; at += Long.BYTES) {
      to.putLong(at, 0x0102030405060708L);
    }
    return to;
  }

  /**
   * The speed of the C library's memset.
   *
   * @return the memory written
   */
  @Benchmark
  public Pointer memset() {
    return LibC.memset(to, 1);
  }

  /**
   * The speed of reading once: the C library's memchr for a byte that is not there.
   *
   * @return null
   */
  @Benchmark
  public Pointer read() {
    return LibC.memchr(from, 1);
  }
}
