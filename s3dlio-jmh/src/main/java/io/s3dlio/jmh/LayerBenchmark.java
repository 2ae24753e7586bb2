package io.s3dlio.jmh;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.ByteSinks;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.layer.ConcurrencyLimit;
import io.s3dlio.layer.KeyPrefix;
import io.s3dlio.layer.Layer;
import io.s3dlio.layer.Metrics;
import io.s3dlio.layer.RateLimit;
import io.s3dlio.layer.Recording;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
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

/** What a layer adds to a request: to a read of 4 KiB from memory, which needs nothing else. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LayerBenchmark {

  private static final int SIZE = 4096;
  private static final ObjectUri OBJECT = ObjectUri.parse("memory://layers/o");

  /** What lies over the store; no limit is reached. */
  @Param({
    "none",
    "Metrics",
    "ConcurrencyLimit",
    "RateLimit.requests",
    "RateLimit.bytes",
    "KeyPrefix",
    "Recording"
  })
  String layer;

  private StoreBackend backend;
  private final ReadRequest request = new ReadRequest(ByteRange.of(0, SIZE), Optional.empty());

  /**
   * Puts the object.
   *
   * @throws ObjectStoreException never
   */
  @Setup
  public void put() throws ObjectStoreException {
    StoreBackend memory =
        ObjectStores.backend(OBJECT, StoreConfig.defaults(), RequestListener.NONE);
    backend = layer().over(memory);
    ByteBuffer bytes = ByteBuffer.allocate(SIZE).asReadOnlyBuffer();
    backend
        .put(OBJECT, new Payload(List.of(bytes), SIZE, Optional.empty()), PutOptions.DEFAULT)
        .join();
  }

  private Layer layer() {
    return switch (layer) {
      case "none" -> below -> below;
      case "Metrics" -> new Metrics();
      case "ConcurrencyLimit" -> new ConcurrencyLimit(1000);
      case "RateLimit.requests" -> RateLimit.requests(1e12);
      case "RateLimit.bytes" -> RateLimit.bytes(1e15);
      case "KeyPrefix" -> new KeyPrefix("some/prefix/");
      case "Recording" -> new Recording(1000);
      default -> throw new IllegalArgumentException(layer);
    };
  }

  /** Memory of one thread. */
  @State(Scope.Thread)
  public static class Destination {
    private final ByteSink sink = ByteSinks.of(ByteBuffer.allocateDirect(SIZE));
    private final Receiver receiver = (meta, offset, length) -> new Receiver.Landing(sink, length);
  }

  /**
   * One read.
   *
   * @param destination takes the bytes
   * @return nothing
   */
  @Benchmark
  public Void read(Destination destination) {
    return backend.read(OBJECT, request, destination.receiver).join();
  }
}
