package io.s3dlio.layer;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Figures of a span of time. Immutable. They are not taken at one instant: what ends while they are
 * taken may be in some and not in others.
 *
 * @param span how long it was
 * @param operations the figures of every operation that was asked for
 */
public record MetricsSnapshot(Duration span, Map<Operation, OperationMetrics> operations) {

  /** Copies the map. */
  public MetricsSnapshot {
    operations = Map.copyOf(operations);
  }

  /**
   * The figures of an operation.
   *
   * @param operation which
   * @return zeros if it was not asked for
   */
  public OperationMetrics of(Operation operation) {
    return operations.getOrDefault(operation, OperationMetrics.NONE);
  }

  /**
   * What has come since an earlier snapshot of the same metrics.
   *
   * @param earlier taken before this
   * @return the differences; {@code inFlight} is that of this one
   */
  public MetricsSnapshot since(MetricsSnapshot earlier) {
    Map<Operation, OperationMetrics> more = new EnumMap<>(Operation.class);
    operations.forEach((operation, now) -> more.put(operation, now.since(earlier.of(operation))));
    return new MetricsSnapshot(span.minus(earlier.span), more);
  }

  /** A line for each operation, with latencies in milliseconds. For people; the form may change. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    String line = "%-15s %9s %7s %9s %12s %12s %9s %9s %9s%n";
    text.append(
        String.format(
            line,
            "operation",
            "requests",
            "failed",
            "in flight",
            "sent",
            "received",
            "p50 ms",
            "p99 ms",
            "first p50"));
    for (Operation operation : Operation.values()) {
      OperationMetrics figures = of(operation);
      if (figures.requests() + figures.inFlight() > 0) {
        text.append(
            String.format(
                line,
                operation,
                figures.requests(),
                figures.failed(),
                figures.inFlight(),
                figures.sent(),
                figures.received(),
                millis(figures.latency(), 0.5),
                millis(figures.latency(), 0.99),
                millis(figures.firstByte(), 0.5)));
      }
    }
    return text.toString();
  }

  private static String millis(Histogram times, double share) {
    return times.count() == 0
        ? "-"
        : String.format(Locale.ROOT, "%.3f", times.quantile(share) / 1e6);
  }
}
