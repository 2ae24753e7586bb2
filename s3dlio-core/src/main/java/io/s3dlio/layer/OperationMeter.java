package io.s3dlio.layer;

import io.s3dlio.ObjectStoreException.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts the requests of one operation. Thread-safe, without locks; about 30 KiB. */
final class OperationMeter {

  private static final Kind[] KINDS = Kind.values();

  private final LongAdder inFlight = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final AtomicLongArray failures = new AtomicLongArray(KINDS.length);
  private final Times latency = new Times();
  private final Times firstByte = new Times();

  /** A histogram that grows. */
  private static final class Times {
    private final AtomicLongArray counts = new AtomicLongArray(Histogram.BUCKETS);
    private final LongAdder sum = new LongAdder();

    void add(long nanos) {
      counts.incrementAndGet(Histogram.index(Math.max(0, nanos)));
      sum.add(Math.max(0, nanos));
    }

    Histogram snapshot() {
      long[] copy = new long[Histogram.BUCKETS];
      for (int i = 0; i < copy.length; i++) {
        copy[i] = counts.get(i);
      }
      return new Histogram(copy, sum.sum());
    }
  }

  void begun() {
    inFlight.increment();
  }

  void ended(Exchange exchange, Throwable error) {
    sent.add(exchange.call().sent());
    received.add(exchange.received());
    if (error != null) {
      failures.incrementAndGet(Tap.kind(error).ordinal());
    }
    if (exchange.isAnswered()) {
      firstByte.add(exchange.answerNanos() - exchange.startNanos());
    }
    latency.add(System.nanoTime() - exchange.startNanos());
    inFlight.decrement();
  }

  OperationMetrics snapshot() {
    Map<Kind, Long> failed = new EnumMap<>(Kind.class);
    for (Kind kind : KINDS) {
      long count = failures.get(kind.ordinal());
      if (count > 0) {
        failed.put(kind, count);
      }
    }
    return new OperationMetrics(
        inFlight.sum(),
        failed,
        sent.sum(),
        received.sum(),
        latency.snapshot(),
        firstByte.snapshot());
  }
}
