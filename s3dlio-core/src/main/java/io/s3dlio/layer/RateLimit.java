package io.s3dlio.layer;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.spi.StoreBackend;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets so many requests begin, or so many bytes be moved, in a second. Requests are spaced evenly;
 * time that was not used is saved up for 0.1 s at most. No thread waits, and a request that is
 * given up while it waits gives its place back. One that would wait for more than 5 minutes fails
 * at once with kind TIMEOUT; a store's {@code request-timeout} may end it before. What clears up
 * after an upload does not wait.
 */
public final class RateLimit implements Layer {

  /** Does something after some nanoseconds. */
  interface Timer {
    /** The timer of the machine. */
    Timer SYSTEM =
        (task, nanos) ->
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Threads.LATE)
                .execute(task);

    void after(Runnable task, long nanos);
  }

  /** What a request costs. */
  private interface Tariff {
    String unit();

    boolean waits(Call call);

    /** What it costs as far as that is known when it begins. */
    long expected(Call call);

    /** What it has cost. */
    long actual(Exchange exchange);
  }

  private final Tariff tariff;
  private final double perSecond;
  private final Meter meter;
  private final Timer timer;
  private final Gate gate = new Places();

  private RateLimit(Tariff tariff, double perSecond, LongSupplier nanos, Timer timer) {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException("a rate is above 0: " + perSecond);
    }
    this.tariff = tariff;
    this.perSecond = perSecond;
    this.meter = new Meter(perSecond, nanos);
    this.timer = timer;
  }

  /**
   * Limits how many requests begin: each part, page and batch is one.
   *
   * @param perSecond above 0
   * @return the layer
   */
  public static RateLimit requests(double perSecond) {
    return requests(perSecond, System::nanoTime, Timer.SYSTEM);
  }

  /**
   * Limits how many bytes are moved, of both directions together. Writes, and reads of a range
   * whose length is known, pay before they begin; other reads pay afterwards, so that those behind
   * them wait. Repetitions of reads are paid for, those of writes are not.
   *
   * @param perSecond above 0
   * @return the layer
   */
  public static RateLimit bytes(double perSecond) {
    return bytes(perSecond, System::nanoTime, Timer.SYSTEM);
  }

  static RateLimit requests(double perSecond, LongSupplier nanos, Timer timer) {
    return new RateLimit(new Requests(), perSecond, nanos, timer);
  }

  static RateLimit bytes(double perSecond, LongSupplier nanos, Timer timer) {
    return new RateLimit(new Bytes(), perSecond, nanos, timer);
  }

  @Override
  public StoreBackend over(StoreBackend backend) {
    return new InterceptingBackend(backend, gate);
  }

  private ObjectStoreException late(Call call) {
    return new ObjectStoreException(
        Kind.TIMEOUT,
        call.operation().toString(),
        call.uri(),
        "no turn within "
            + Gate.PATIENCE.toSeconds()
            + " s at "
            + perSecond
            + " "
            + tariff.unit()
            + " a second; raise the limit of the layer, or ask for less at a time",
        null);
  }

  private final class Places implements Gate {

    @Override
    public CompletableFuture<Void> enter(Exchange exchange) {
      Call call = exchange.call();
      long cost = tariff.expected(call);
      if (!tariff.waits(call)) {
        meter.settle(cost);
        return NOW;
      }
      long wait = meter.reserve(cost, PATIENCE.toNanos());
      if (wait == 0) {
        return NOW;
      }
      if (wait < 0) {
        return CompletableFuture.failedFuture(late(call));
      }
      CompletableFuture<Void> turn = new CompletableFuture<>();
      turn.whenComplete(
          (come, givenUp) -> {
            if (givenUp != null) {
              meter.settle(-cost);
            }
          });
      timer.after(() -> turn.complete(null), wait);
      return turn;
    }

    @Override
    public void leave(Exchange exchange, Throwable error) {
      meter.settle(tariff.actual(exchange) - tariff.expected(exchange.call()));
    }
  }

  private static final class Requests implements Tariff {
    @Override
    public String unit() {
      return "requests";
    }

    @Override
    public boolean waits(Call call) {
      return call.operation() != Operation.ABORT;
    }

    @Override
    public long expected(Call call) {
      return 1;
    }

    @Override
    public long actual(Exchange exchange) {
      return 1;
    }
  }

  private static final class Bytes implements Tariff {
    @Override
    public String unit() {
      return "bytes";
    }

    @Override
    public boolean waits(Call call) {
      return call.sent() > 0 || call.operation() == Operation.READ;
    }

    @Override
    public long expected(Call call) {
      boolean known = call.range().filter(ByteRange.Bounded.class::isInstance).isPresent();
      return call.sent() + (known ? ((ByteRange.Bounded) call.range().get()).length() : 0);
    }

    @Override
    public long actual(Exchange exchange) {
      return exchange.call().sent() + exchange.received();
    }
  }
}
