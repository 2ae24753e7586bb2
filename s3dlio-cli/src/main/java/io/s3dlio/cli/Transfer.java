package io.s3dlio.cli;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ProgressListener;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * One command's transfers: runs them, reports each failure when it happens and shows how far they
 * are; what they came to is told at the end.
 */
final class Transfer implements AutoCloseable {

  /** After so many failures without a success the others are not tried: the store is at fault. */
  private static final int HOPELESS = 20;

  private final String operation;
  private final int jobs;
  private final Output output;
  private final OptionalLong totalBytes;
  private final ProgressBar bar;

  private final LongAdder objects = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder moved = new LongAdder();
  private final AtomicInteger status = new AtomicInteger(ExitStatus.DONE);
  private final long startNanos = System.nanoTime();
  private final long startCpuNanos = cpuNanos();
  private volatile boolean hopeless;

  /** Moves one object. */
  @FunctionalInterface
  interface Job<T> {
    /** Returns how many bytes were moved. */
    long run(T item, ProgressListener progress) throws IOException;
  }

  /**
   * Begins; the clock runs from here on.
   *
   * @param jobs objects in flight at a time
   * @param totalBytes what is to be moved in all, where that is known
   */
  Transfer(Root root, String operation, int jobs, OptionalLong totalBytes) {
    this.operation = operation;
    this.jobs = jobs;
    this.output = root.output();
    this.totalBytes = totalBytes;
    this.bar = root.showsProgress() ? new ProgressBar(output, this::progressLine) : null;
  }

  /** Moves all of them; a failure of one does not end the others. */
  <T> void run(Iterator<? extends T> items, Job<T> job) throws IOException {
    Iterator<T> wanted =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return !hopeless && items.hasNext();
          }

          @Override
          public T next() {
            return items.next();
          }
        };
    Jobs.<T>run(jobs, wanted, item -> runOne(item, job));
    if (hopeless) {
      output.note("gave up: nothing succeeded; the objects not tried are not counted");
    }
  }

  private <T> void runOne(T item, Job<T> job) {
    try {
      bytes.add(job.run(item, moved::add));
      objects.increment();
    } catch (IOException | RuntimeException e) {
      if (e instanceof InterruptedIOException || Thread.currentThread().isInterrupted()) {
        return; // the whole command was cancelled, which is reported once
      }
      failed(e);
    }
  }

  /** Counts and reports the failure of one object. */
  void failed(Throwable failure) {
    output.failure(failure);
    failed.increment();
    status.accumulateAndGet(CommandException.statusOf(failure), Math::max);
    boolean nobody = failure instanceof ObjectStoreException e && e.kind() == Kind.UNAUTHENTICATED;
    if (objects.sum() == 0 && (nobody || failed.sum() >= HOPELESS)) {
      hopeless = true;
    }
  }

  /** Says what the transfers came to, and returns the command's exit status. */
  int finish() throws IOException {
    return finish(fields -> {});
  }

  /**
   * As {@link #finish()}.
   *
   * @param more what else belongs to the summary for programs
   */
  int finish(Json.Fields more) throws IOException {
    close();
    output.summary(summary(), more);
    return status.get();
  }

  Summary summary() {
    return new Summary(
        operation,
        objects.sum(),
        bytes.sum(),
        failed.sum(),
        (System.nanoTime() - startNanos) / 1e9,
        (cpuNanos() - startCpuNanos) / 1e9,
        jobs);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  private String progressLine() {
    Summary now = summary();
    long done = moved.sum();
    double rate = now.seconds() > 0 ? done / now.seconds() : 0;
    StringBuilder text = new StringBuilder(operation).append(' ');
    text.append(Units.count(now.objects(), "object")).append("  ").append(Units.bytes(done));
    text.append("  ").append(Units.rate(rate));
    if (totalBytes.isPresent() && totalBytes.getAsLong() > 0) {
      double share = (double) done / totalBytes.getAsLong();
      text.append("  ").append(ProgressBar.bar(share)).append(' ').append((int) (100 * share));
      text.append('%');
      if (rate > 0) {
        long left = Math.max(0, Math.round((totalBytes.getAsLong() - done) / rate));
        text.append("  ").append(left).append(" s left");
      }
    }
    if (now.failed() > 0) {
      text.append("  ").append(now.failed()).append(" failed");
    }
    return text.toString();
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
