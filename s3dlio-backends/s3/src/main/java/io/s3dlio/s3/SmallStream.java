package io.s3dlio.s3;

import io.s3dlio.rest.Answer;
import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A body that is kept whole by whoever reads it: what a server says, not what it stores. */
final class SmallStream implements Publisher<ByteBuffer> {

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
      if (taken > Answer.MAX_BYTES) {
        return; // given up; what was on its way still comes
      }
      taken += chunk.remaining();
      if (taken > Answer.MAX_BYTES) {
        subscription.cancel();
        subscriber.onError(Answer.tooLong());
      } else {
        subscriber.onNext(chunk);
      }
    }

    @Override
    public void onError(Throwable error) {
      if (taken <= Answer.MAX_BYTES) {
        subscriber.onError(error);
      }
    }

    @Override
    public void onComplete() {
      if (taken <= Answer.MAX_BYTES) {
        subscriber.onComplete();
      }
    }
  }
}
