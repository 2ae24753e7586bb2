package io.s3dlio.jmh;

import com.sun.jna.NativeLong;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What work took.
 *
 * @param bytes of data moved
 * @param objects moved
 * @param seconds by the clock
 * @param cpuSeconds of all threads of this process, its collector and compiler included
 * @param heapBytes allocated by all threads that live at the end
 */
record Cost(long bytes, long objects, double seconds, double cpuSeconds, long heapBytes) {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Does it again and again for a time, at least three times. */
  static Cost of(Contender contender, Contender.Work work, int size, double seconds)
      throws Exception {
    System.gc(); // of what the one before has left
    Map<Long, Long> heap = allocated();
    long cpu = cpuMicros();
    long start = System.nanoTime();
    long runs = 0;
    while (runs < 3 || System.nanoTime() - start < seconds * 1e9) {
      contender.run(work, size);
      runs++;
    }
    long end = System.nanoTime();
    long used = cpuMicros() - cpu;
    long heapBytes = 0;
    for (Map.Entry<Long, Long> thread : allocated().entrySet()) {
      heapBytes += thread.getValue() - heap.getOrDefault(thread.getKey(), 0L);
    }
    long objects = runs * contender.objects(work);
    return new Cost(objects * size, objects, (end - start) / 1e9, used / 1e6, heapBytes);
  }

  /** As the JDK's own figure, in steps of a microsecond and not of ten milliseconds. */
  private static long cpuMicros() {
    NativeLong clock = LibC.clock();
    return clock.longValue();
  }

  private static Map<Long, Long> allocated() {
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    Map<Long, Long> all = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      if (bytes[i] > 0) {
        all.put(ids[i], bytes[i]);
      }
    }
    return all;
  }

  /** The median of a figure, over several runs. */
  static double median(List<Cost> runs, ToDoubleFunction<Cost> figure) {
    return median(runs.stream().mapToDouble(figure).toArray());
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  double gigabytesPerSecond() {
    return bytes / 1e9 / seconds;
  }

  double cpuSecondsPerGigabyte() {
    return cpuSeconds / (bytes / 1e9);
  }

  double cpuMicrosPerObject() {
    return cpuSeconds * 1e6 / objects;
  }

  double heapPerGigabyte() {
    return heapBytes / (bytes / 1e9);
  }

  double heapPerObject() {
    return (double) heapBytes / objects;
  }
}
