package io.s3dlio.gcs;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.http.Intake;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.RefusedException;
import io.s3dlio.rest.Reply;
import io.s3dlio.rest.Taking;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Subscription;

/**
 * Takes no byte of another generation than the one asked for. The service refuses such a read by
 * itself; the emulator ignores the condition.
 */
final class Pinned implements Taking<Void> {

  private final CompletableFuture<Void> done;

  private Pinned(ObjectStoreException why) {
    this.done = CompletableFuture.failedFuture(new RefusedException(why));
  }

  static Reply<Void> to(String generation, Call call, Reply<Void> reply) {
    return (attempt, head) ->
        Answers.generation(head).filter(other -> !other.equals(generation)).isPresent()
            ? new Pinned(
                ObjectStoreException.of(
                    Kind.PRECONDITION_FAILED,
                    call.operation(),
                    call.uri(),
                    "the object at " + call.where() + " is not the one that the condition names",
                    null))
            : reply.begin(attempt, head);
  }

  @Override
  public CompletableFuture<Void> done() {
    return done;
  }

  @Override
  public Intake intake() {
    return null;
  }

  @Override
  public void onSubscribe(Subscription s) {
    s.cancel();
  }

  @Override
  public void onNext(ByteBuffer bytes) {
    // Nothing was asked for.
  }

  @Override
  public void onError(Throwable error) {
    // It has failed already.
  }

  @Override
  public void onComplete() {
    // It has failed already.
  }
}
