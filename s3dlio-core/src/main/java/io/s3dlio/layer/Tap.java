package io.s3dlio.layer;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.spi.StoreBackend;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Tells of every request when it has ended, and before its caller hears of it. */
public final class Tap implements Layer {

  private static final Logger LOG = System.getLogger("io.s3dlio.layer");

  private final Consumer<RecordedCall> consumer;

  /**
   * Makes the layer.
   *
   * @param consumer hears of each request, on the thread that ends it and on several at once: it is
   *     thread-safe and quick. What it throws is logged and changes nothing
   */
  public Tap(Consumer<RecordedCall> consumer) {
    this.consumer = Objects.requireNonNull(consumer, "consumer");
  }

  @Override
  public StoreBackend over(StoreBackend backend) {
    return new InterceptingBackend(backend, new Telling());
  }

  private final class Telling implements Gate {

    @Override
    public CompletableFuture<Void> enter(Exchange exchange) {
      return NOW;
    }

    @Override
    public void leave(Exchange exchange, Throwable error) {
      try {
        consumer.accept(
            new RecordedCall(
                exchange.call(),
                exchange.startNanos(),
                exchange.isAnswered()
                    ? OptionalLong.of(exchange.answerNanos())
                    : OptionalLong.empty(),
                System.nanoTime(),
                exchange.received(),
                Optional.ofNullable(error).map(Tap::kind)));
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "what was to hear of " + exchange.call().operation() + " failed", e);
      }
    }
  }

  /** The kind that a store's user would see. */
  static Kind kind(Throwable error) {
    if (error instanceof ObjectStoreException failure) {
      return failure.kind();
    }
    return error instanceof CancellationException ? Kind.CANCELLED : Kind.UNKNOWN;
  }
}
