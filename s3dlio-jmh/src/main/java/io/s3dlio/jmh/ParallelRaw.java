package io.s3dlio.jmh;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The floor for an object in parts: raw sockets that move as many parts at a time, each over a
 * connection and a thread of its own. Whoever moves parts at the same time keeps more CPUs busy at
 * once than one connection does, and these get in each other's way.
 */
final class ParallelRaw implements Contender {

  /** Bytes of a part, as the library's by default. */
  private static final int PART = 8 << 20;

  private final List<RawContender> connections;
  private final ExecutorService threads;

  /**
   * Takes over connections.
   *
   * @param connections one for each part of the largest object
   */
  ParallelRaw(List<RawContender> connections) {
    this.connections = connections;
    this.threads = Executors.newFixedThreadPool(connections.size());
  }

  static int parts(int size) {
    return Math.max(1, size / PART);
  }

  @Override
  public String name() {
    return "raw in parts";
  }

  @Override
  public boolean does(Work work, int size) {
    return parts(size) > 1;
  }

  @Override
  public void run(Work work, int size) throws Exception {
    int parts = parts(size);
    List<Future<?>> all = new ArrayList<>();
    for (RawContender connection : connections.subList(0, parts)) {
      all.add(
          threads.submit(
              () -> {
                connection.run(work, size / parts);
                return null;
              }));
    }
    for (Future<?> one : all) {
      one.get();
    }
  }

  @Override
  public void close() throws IOException {
    threads.shutdown();
    for (RawContender connection : connections) {
      connection.close();
    }
  }
}
