package io.s3dlio.gcs;

import io.s3dlio.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Gives up the upload of an object without leaving open whether there will be one. While the
 * service cannot have the whole body the request is broken off, and there is none; after that the
 * answer is awaited, though nobody wants it any more.
 */
final class WholeOrNot {

  /** The last byte has been handed over. */
  private boolean whole;

  private boolean unwanted;
  private CompletableFuture<?> request;

  /**
   * Follows the request that sends the content.
   *
   * @param sent the request
   * @param underWay holds the request until it has ended
   * @return the same result; cancelling it gives the request up
   */
  <T> CompletableFuture<T> follow(CompletableFuture<T> sent, Set<CompletableFuture<?>> underWay) {
    synchronized (this) {
      request = sent;
    }
    underWay.add(sent);
    CompletableFuture<T> result = new CompletableFuture<>();
    sent.whenComplete(
        (value, error) -> {
          underWay.remove(sent);
          if (error == null) {
            result.complete(value);
          } else {
            result.completeExceptionally(error);
          }
        });
    result.whenComplete(
        (value, error) -> {
          if (error != null && giveUp()) {
            sent.cancel(true);
          }
        });
    return result;
  }

  /** Tells whether the request is to be broken off now. */
  private synchronized boolean giveUp() {
    unwanted = true;
    return !whole;
  }

  private synchronized void handOver(boolean last) {
    whole = last;
  }

  /** Nothing is sent again for nobody. */
  private synchronized Optional<CompletableFuture<?>> needless() {
    whole = false;
    return unwanted ? Optional.ofNullable(request) : Optional.empty();
  }

  /** The content, watched. */
  HttpRequest.Content watch(HttpRequest.Content content) {
    long length = content.length().orElseThrow();
    return new HttpRequest.Content() {
      @Override
      public Optional<Long> length() {
        return content.length();
      }

      @Override
      public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        needless().ifPresent(r -> r.cancel(true));
        content.subscribe(new Watcher(subscriber, length));
      }
    };
  }

  /** Of one attempt. */
  private final class Watcher implements Subscriber<ByteBuffer> {
    private final Subscriber<? super ByteBuffer> subscriber;
    private long left;

    Watcher(Subscriber<? super ByteBuffer> subscriber, long length) {
      this.subscriber = subscriber;
      this.left = length;
    }

    @Override
    public void onSubscribe(Subscription s) {
      subscriber.onSubscribe(s);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      left -= bytes.remaining();
      handOver(left == 0);
      subscriber.onNext(bytes);
    }

    @Override
    public void onError(Throwable error) {
      subscriber.onError(error);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }
}
