package io.s3dlio.layer;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A memory store whose requests wait, as those over a network do, until a test lets them go. */
final class HeldBackend extends ForwardingBackend {

  static final ObjectUri HERE = ObjectUri.parse("memory://held/");

  private final List<Held<?>> held = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();

  record Held<T>(CompletableFuture<T> future, Supplier<CompletableFuture<T>> work) {
    void release() {
      work.get()
          .whenComplete(
              (value, error) -> {
                if (error == null) {
                  future.complete(value);
                } else {
                  future.completeExceptionally(error);
                }
              });
    }
  }

  HeldBackend() throws Exception {
    super(ObjectStores.backend(HERE, StoreConfig.defaults(), RequestListener.NONE));
  }

  private synchronized <T> CompletableFuture<T> hold(
      String what, Supplier<CompletableFuture<T>> work) {
    Held<T> one = new Held<>(new CompletableFuture<>(), work);
    held.add(one);
    asked.add(what);
    notifyAll();
    return one.future;
  }

  /** All that was asked, in order. */
  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  /** Waits until so many requests have come, and gives the last of them. */
  synchronized Held<?> awaitRequest(int number) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (held.size() < number) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError("only " + asked + " came, not " + number);
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return held.get(number - 1);
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
    return hold("head " + uri.key(), () -> super.head(uri));
  }

  @Override
  public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
    return hold("read " + uri.key(), () -> super.read(uri, request, receiver));
  }

  @Override
  public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
    return hold("put " + uri.key(), () -> super.put(uri, payload, options));
  }

  @Override
  public CompletableFuture<PartUpload> startMultipart(
      ObjectUri uri, long partSize, PutOptions options) {
    return hold(
        "startMultipart " + uri.key(),
        () -> super.startMultipart(uri, partSize, options).thenApply(upload -> new Upload(uri)));
  }

  private final class Upload implements PartUpload {
    private final ObjectUri uri;

    Upload(ObjectUri uri) {
      this.uri = uri;
    }

    @Override
    public CompletableFuture<Void> putPart(int number, Payload part) {
      return hold("putPart " + uri.key(), () -> CompletableFuture.completedFuture(null));
    }

    @Override
    public CompletableFuture<PutResult> complete(int parts, long size, Optional<Integer> crc32c) {
      return hold(
          "complete " + uri.key(),
          () -> CompletableFuture.completedFuture(new PutResult(Optional.empty())));
    }

    @Override
    public CompletableFuture<Void> abort() {
      return hold("abort " + uri.key(), () -> CompletableFuture.completedFuture(null));
    }
  }
}
