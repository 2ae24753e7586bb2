package io.s3dlio.rest;

import io.s3dlio.http.Intake;
import io.s3dlio.http.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.reactivestreams.Subscription;

/** A body that is read whole, into the heap: what a server says, not what it stores. */
final class SmallBody<T> implements Taking<T> {

  private final ResponseHead head;
  private final Function<Answer, T> meaning;
  private final CompletableFuture<T> done = new CompletableFuture<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
  private Subscription subscription;

  SmallBody(ResponseHead head, Function<Answer, T> meaning) {
    this.head = head;
    this.meaning = meaning;
  }

  @Override
  public CompletableFuture<T> done() {
    return done;
  }

  @Override
  public Intake intake() {
    return null;
  }

  @Override
  public void onSubscribe(Subscription s) {
    subscription = s;
    s.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(ByteBuffer chunk) {
    if (bytes.size() + chunk.remaining() > Answer.MAX_BYTES) {
      done.completeExceptionally(Answer.tooLong());
      subscription.cancel();
      return;
    }
    byte[] copy = new byte[chunk.remaining()];
    chunk.get(copy);
    bytes.writeBytes(copy);
  }

  @Override
  public void onError(Throwable error) {
    done.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    T value;
    try {
      value = meaning.apply(new Answer(head, bytes.toByteArray()));
    } catch (RefusedException e) {
      done.completeExceptionally(e);
      return;
    } catch (RuntimeException e) {
      done.completeExceptionally(new Failures.UnreadableException(e));
      return;
    }
    done.complete(value);
  }
}
