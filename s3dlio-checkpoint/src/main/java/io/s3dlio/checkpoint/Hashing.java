package io.s3dlio.checkpoint;

import io.s3dlio.ByteSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * The checksums of sources, computed while these are sent, on half of the CPUs: sending needs some,
 * too. Who has nothing left to send helps.
 */
final class Hashing implements AutoCloseable {

  private final ExecutorService threads;
  private final List<FutureTask<Checks>> checks = new ArrayList<>();

  private Hashing(ExecutorService threads) {
    this.threads = threads;
  }

  static Hashing begin(List<ByteSource> sources) {
    int cpus = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    Hashing hashing =
        new Hashing(
            Executors.newFixedThreadPool(
                Math.min(cpus, sources.size()),
                work -> {
                  Thread thread = new Thread(work, "s3dlio-checkpoint-hash");
                  thread.setDaemon(true);
                  return thread;
                }));
    for (ByteSource source : sources) {
      FutureTask<Checks> task = new FutureTask<>(() -> Checks.of(source));
      hashing.checks.add(task);
      hashing.threads.execute(task);
    }
    return hashing;
  }

  /**
   * Those of each source, in order.
   *
   * @throws IOException what reading a source has thrown
   */
  List<Checks> end() throws IOException {
    List<Checks> done = new ArrayList<>();
    try {
      checks.forEach(FutureTask::run); // those that no thread has begun
      for (FutureTask<Checks> one : checks) {
        done.add(one.get());
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException known) {
        throw known;
      }
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("the thread was interrupted").initCause(e);
    }
    return done;
  }

  /** Gives up what has not ended, and waits for it: then nobody reads the sources any more. */
  @Override
  public void close() {
    threads.shutdownNow();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.DAYS); // each read has its own limit
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
