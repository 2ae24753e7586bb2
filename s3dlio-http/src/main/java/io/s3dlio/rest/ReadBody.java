package io.s3dlio.rest;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.http.Intake;
import io.s3dlio.spi.InPlaceSink;
import io.s3dlio.spi.Receiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.reactivestreams.Subscription;

/** The answer to one attempt of a read, on its way to the receiver. Signals come one at a time. */
public final class ReadBody implements Taking<Void>, Intake {

  private final Call call;
  private final ByteRange range;
  private final Receiver receiver;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile Call.Attempt attempt;
  private Subscription subscription;
  private ByteSink sink;
  private long length;
  private long wanted;
  private long taken;

  /**
   * Has nothing yet.
   *
   * @param call which read
   * @param range what it asks for
   * @param receiver takes the bytes
   */
  public ReadBody(Call call, ByteRange range, Receiver receiver) {
    this.call = call;
    this.range = range;
    this.receiver = receiver;
  }

  /**
   * The head has come.
   *
   * @param answered the attempt that it belongs to
   * @param contentLength bytes that follow
   * @param contentRange which these are; empty if they are the whole object
   * @param meta what the head says of the object
   */
  public void begin(
      Call.Attempt answered,
      Optional<Long> contentLength,
      Optional<String> contentRange,
      Function<ServedSpan, ObjectMeta> meta) {
    attempt = answered;
    try {
      ServedSpan span = ServedSpan.of(contentLength, contentRange, range, call);
      length = span.length();
      ObjectMeta object = meta.apply(span);
      if (object.crc32c().isPresent()) {
        answered.checksumReceived();
      }
      Receiver.Landing landing = receiver.begin(object, span.offset(), span.length());
      sink = landing.sink();
      wanted = Math.min(landing.length(), length);
    } catch (RefusedException e) {
      done.completeExceptionally(e);
    } catch (IOException | RuntimeException e) {
      done.completeExceptionally(refused(e));
    }
  }

  /**
   * Whether the head has come, and of which attempt.
   *
   * @return null before it has
   */
  public Call.Attempt attempt() {
    return attempt;
  }

  @Override
  public CompletableFuture<Void> done() {
    return done;
  }

  @Override
  public Intake intake() {
    return this;
  }

  private RefusedException refused(Throwable why) {
    if (why instanceof ObjectStoreException e) {
      return new RefusedException(e);
    }
    return new RefusedException(
        new ObjectStoreException(
            Kind.UNKNOWN,
            call.operation(),
            call.uri(),
            "the destination did not take the bytes: "
                + (why instanceof IOException ? why.getMessage() : why),
            why));
  }

  @Override
  public void onSubscribe(Subscription s) {
    subscription = s;
    if (done.isDone()) {
      s.cancel();
    } else if (wanted == 0 && length > 0) {
      enough();
    } else {
      s.request(Long.MAX_VALUE); // each chunk is taken before the next is read
    }
  }

  @Override
  public void onNext(ByteBuffer chunk) {
    take(chunk);
  }

  @Override
  public void take(ByteBuffer chunk) {
    if (done.isDone()) {
      subscription.cancel();
      return;
    }
    if (chunk.remaining() > length - taken) {
      fail(new IOException("the body is longer than the " + length + " bytes announced"));
      return;
    }
    if (chunk.remaining() > wanted - taken) {
      chunk.limit(chunk.position() + (int) (wanted - taken));
    }
    try {
      int n = chunk.remaining();
      // Never into memory that the sink offers: this is a network thread.
      sink.write(taken, chunk);
      took(n);
    } catch (IOException | RuntimeException e) {
      fail(refused(e));
    }
  }

  @Override
  public boolean inPlace() {
    return !done.isDone() && sink instanceof InPlaceSink memory && memory.inPlace();
  }

  @Override
  public int takeFrom(ReadableByteChannel socket, int most) {
    if (done.isDone()) {
      subscription.cancel();
      return 0;
    }
    try {
      int wish = (int) Math.min(most, wanted - taken);
      int n = ((InPlaceSink) sink).readFrom(taken, socket, wish);
      if (n > 0) {
        took(n);
      }
      return n;
    } catch (IOException | RuntimeException e) { // not of the socket: that tells the client
      fail(refused(e));
      return 0;
    }
  }

  private void took(int n) {
    taken += n;
    attempt.received(taken);
    if (taken == wanted && wanted < length) {
      enough();
    }
  }

  /** The rest is not wanted: the connection is given up, the read has succeeded. */
  private void enough() {
    attempt.satisfied(taken);
    done.complete(null);
    subscription.cancel();
  }

  private void fail(Throwable why) {
    done.completeExceptionally(why);
    subscription.cancel();
  }

  @Override
  public void onError(Throwable error) {
    done.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    if (taken < wanted) {
      done.completeExceptionally(
          new IOException("the body ended after " + taken + " of " + length + " bytes"));
    } else {
      done.complete(null);
    }
  }
}
