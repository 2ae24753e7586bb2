package io.s3dlio.layer;

import io.s3dlio.spi.StoreBackend;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts and times requests by operation: how many, how many failed and how, bytes, latencies, time
 * to the first byte. Costs no lock, and about 30 KiB for each operation that is used.
 *
 * <p>A request is what the engine asks for, with the waits of the layers below and the repetitions
 * of the backend in it; whoever wants to see each attempt gives {@link io.s3dlio.ObjectStores} a
 * {@link io.s3dlio.RequestListener}. A request is in the figures before its caller has the result.
 */
public final class Metrics implements Layer {

  private final long startNanos = System.nanoTime();
  private final Map<Operation, OperationMeter> meters = new ConcurrentHashMap<>();
  private final Gate gate = new Counting();

  /** Makes the layer, with nothing counted. */
  public Metrics() {}

  @Override
  public StoreBackend over(StoreBackend backend) {
    return new InterceptingBackend(backend, gate);
  }

  /**
   * The figures.
   *
   * @return since the layer was made; {@link MetricsSnapshot#since} gives those of an interval
   */
  public MetricsSnapshot snapshot() {
    Map<Operation, OperationMetrics> figures = new EnumMap<>(Operation.class);
    meters.forEach((operation, meter) -> figures.put(operation, meter.snapshot()));
    return new MetricsSnapshot(Duration.ofNanos(System.nanoTime() - startNanos), figures);
  }

  private OperationMeter meter(Exchange exchange) {
    return meters.computeIfAbsent(exchange.call().operation(), operation -> new OperationMeter());
  }

  private final class Counting implements Gate {

    @Override
    public CompletableFuture<Void> enter(Exchange exchange) {
      meter(exchange).begun();
      return NOW;
    }

    @Override
    public void leave(Exchange exchange, Throwable error) {
      meter(exchange).ended(exchange, error);
    }
  }
}
