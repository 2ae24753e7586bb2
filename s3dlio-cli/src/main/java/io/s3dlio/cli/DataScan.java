package io.s3dlio.cli;

import io.s3dlio.ByteSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures what data is like. Reads it once, in memory that does not depend on its size. */
final class DataScan {

  /** Pieces of 1 MiB that are compressed; gzip alone takes a second for ten of them or so. */
  static final int SAMPLED_WINDOWS = 64;

  private static final int WINDOW = 1 << 20;
  private static final List<Integer> BLOCKS =
      List.of(BlockCounts.SMALLEST, 4 << 10, 64 << 10, 1 << 20);

  /** A multiple of the window and of every block; enough for parts to be read in parallel. */
  private static final int STEP = 32 << 20;

  private DataScan() {}

  /**
   * Reads and measures.
   *
   * @param source stays the caller's
   * @param block a size of blocks to count beside the usual ones, a power of two from 512 bytes to
   *     4 MiB
   */
  static DataReport of(ByteSource source, int block) throws IOException {
    List<Integer> sizes = new ArrayList<>(BLOCKS);
    sizes.add(block);
    if (source.size() == 0) {
      return new DataReport(0, 0, 0, List.of(), List.of());
    }
    ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    List<CompressionProbe> probes = new ArrayList<>();
    try {
      for (Compressor compressor : Compressor.all()) {
        probes.add(new CompressionProbe(compressor));
      }
      return scan(source, new BlockCounts(sizes), probes, workers);
    } finally {
      Jobs.end(workers, false); // or a compressor is closed while it works
      for (CompressionProbe probe : probes) {
        probe.close();
      }
    }
  }

  private static DataReport scan(
      ByteSource source, BlockCounts blocks, List<CompressionProbe> probes, ExecutorService workers)
      throws IOException {
    long size = source.size();
    long windows = (size - 1) / WINDOW + 1;
    byte[] data = new byte[(int) Math.min(STEP, size)];
    long sampled = 0;
    for (long offset = 0; offset < size; offset += data.length) {
      int length = (int) Math.min(data.length, size - offset);
      source.read(offset, ByteBuffer.wrap(data, 0, length));
      List<Integer> chosen = new ArrayList<>();
      for (int at = 0; at < length; at += WINDOW) {
        if (isSampled((offset + at) / WINDOW, windows)) {
          chosen.add(at);
          sampled += Math.min(WINDOW, length - at);
        }
      }
      int streamed = (int) Math.max(0, Math.min(length, streamed(size) - offset));
      List<Callable<Void>> tasks = new ArrayList<>();
      for (CompressionProbe probe : probes) {
        tasks.add(
            () -> {
              for (int at : chosen) {
                if (Thread.currentThread().isInterrupted()) {
                  throw new InterruptedIOException("interrupted");
                }
                probe.addUnits(data, at, Math.min(WINDOW, length - at));
              }
              probe.addToStream(data, 0, streamed);
              return null;
            });
      }
      tasks.add(
          () -> {
            blocks.add(data, length);
            return null;
          });
      run(workers, tasks);
    }
    return new DataReport(
        size, sampled, streamed(size), compression(probes, sampled, size), blocks.finish());
  }

  /** Of many windows as many as are wanted, evenly spread; of few all. */
  static boolean isSampled(long window, long windows) {
    if (windows <= SAMPLED_WINDOWS) {
      return true;
    }
    // The i-th one is window i * windows / SAMPLED_WINDOWS.
    long i = (window * SAMPLED_WINDOWS + windows - 1) / windows;
    return i < SAMPLED_WINDOWS && i * windows / SAMPLED_WINDOWS == window;
  }

  private static long streamed(long size) {
    return Math.min(size, (long) SAMPLED_WINDOWS * WINDOW);
  }

  private static void run(ExecutorService workers, List<Callable<Void>> tasks) throws IOException {
    try {
      for (Future<Void> done : workers.invokeAll(tasks)) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      throw new IOException("the data cannot be measured: " + e.getCause().getMessage(), e);
    }
  }

  private static List<DataReport.Compression> compression(
      List<CompressionProbe> probes, long sampled, long size) throws IOException {
    List<DataReport.Compression> all = new ArrayList<>();
    for (int i = 0; i < CompressionProbe.UNITS.size(); i++) {
      List<DataReport.Ratio> ratios = new ArrayList<>();
      for (CompressionProbe probe : probes) {
        ratios.add(new DataReport.Ratio(probe.name(), (double) sampled / probe.units().get(i)));
      }
      all.add(new DataReport.Compression(CompressionProbe.UNITS.get(i), ratios));
    }
    List<DataReport.Ratio> streams = new ArrayList<>();
    for (CompressionProbe probe : probes) {
      streams.add(new DataReport.Ratio(probe.name(), (double) streamed(size) / probe.endStream()));
    }
    all.add(new DataReport.Compression(0, streams));
    return all;
  }
}
