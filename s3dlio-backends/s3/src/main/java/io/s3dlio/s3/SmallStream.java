package io.s3dlio.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A body that is kept whole by whoever reads it: what a server says, not what it stores. */
final class SmallStream implements Publisher<ByteBuffer> {

  /** More than the largest page of any listing. */
  private static final long LIMIT = 64L << 20;

  private final Publisher<ByteBuffer> body;

  SmallStream(Publisher<ByteBuffer> body) {
    this.body = body;
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    body.subscribe(new Counting(subscriber));
  }

  private static final class Counting implements Subscriber<ByteBuffer> {
    private final Subscriber<? super ByteBuffer> subscriber;
    private Subscription subscription;
    private long taken;

    Counting(Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Subscription s) {
      subscription = s;
      subscriber.onSubscribe(s);
    }

    @Override
    public void onNext(ByteBuffer chunk) {
      if (taken > LIMIT) {
        return; // given up; what was on its way still comes
      }
      taken += chunk.remaining();
      if (taken > LIMIT) {
        subscription.cancel();
        subscriber.onError(
            new IOException("the answer is longer than " + LIMIT + " bytes, which none should be"));
      } else {
        subscriber.onNext(chunk);
      }
    }

    @Override
    public void onError(Throwable error) {
      if (taken <= LIMIT) {
        subscriber.onError(error);
      }
    }

    @Override
    public void onComplete() {
      if (taken <= LIMIT) {
        subscriber.onComplete();
      }
    }
  }
}
