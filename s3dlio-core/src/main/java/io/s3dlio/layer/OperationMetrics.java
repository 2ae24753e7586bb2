package io.s3dlio.layer;

import io.s3dlio.ObjectStoreException.Kind;
import java.util.EnumMap;
import java.util.Map;

/**
 * Figures of one operation.
 *
 * @param inFlight requests that have begun and not ended, when the figures were taken
 * @param failures requests that ended with an error, by its kind; those that were given up, also
 *     because enough was read, are of kind CANCELLED
 * @param sent bytes of puts and parts, those that failed too; a repetition is not counted
 * @param received bytes that reads brought, those of broken and repeated answers too
 * @param latency from when a request begins to its end, whatever that is
 * @param firstByte from when a read begins to its first answer
 */
public record OperationMetrics(
    long inFlight,
    Map<Kind, Long> failures,
    long sent,
    long received,
    Histogram latency,
    Histogram firstByte) {

  static final OperationMetrics NONE =
      new OperationMetrics(0, Map.of(), 0, 0, Histogram.EMPTY, Histogram.EMPTY);

  /** Copies the map. */
  public OperationMetrics {
    failures = Map.copyOf(failures);
  }

  /**
   * Requests that have ended.
   *
   * @return how many, the failed ones too
   */
  public long requests() {
    return latency.count();
  }

  /**
   * Requests that have ended with an error.
   *
   * @return how many, of any kind
   */
  public long failed() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  OperationMetrics since(OperationMetrics earlier) {
    Map<Kind, Long> more = new EnumMap<>(Kind.class);
    failures.forEach(
        (kind, count) -> {
          long difference = count - earlier.failures.getOrDefault(kind, 0L);
          if (difference > 0) {
            more.put(kind, difference);
          }
        });
    return new OperationMetrics(
        inFlight,
        more,
        sent - earlier.sent,
        received - earlier.received,
        latency.since(earlier.latency),
        firstByte.since(earlier.firstByte));
  }
}
