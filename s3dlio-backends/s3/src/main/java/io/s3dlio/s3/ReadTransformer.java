package io.s3dlio.s3;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.s3.http.Intake;
import io.s3dlio.spi.InPlaceSink;
import io.s3dlio.spi.Receiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Takes the answers to a GET, one an attempt, and hands them to the receiver. */
final class ReadTransformer implements AsyncResponseTransformer<GetObjectResponse, Void> {

  private final Call call;
  private final ByteRange range;
  private final Receiver receiver;
  private volatile Body body;

  ReadTransformer(Call call, ByteRange range, Receiver receiver) {
    this.call = call;
    this.range = range;
    this.receiver = receiver;
  }

  /**
   * Not to be repeated: the receiver or its sink does not want the bytes, or the answer makes no
   * sense. No IOException, also not as a cause: those the SDK repeats.
   */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient ObjectStoreException why;

    RefusedException(ObjectStoreException why) {
      super(why.getMessage());
      this.why = why;
    }
  }

  @Override
  public CompletableFuture<Void> prepare() {
    body = new Body(call.current());
    return body.done;
  }

  @Override
  public void onResponse(GetObjectResponse response) {
    body.begin(response);
  }

  @Override
  public void onStream(SdkPublisher<ByteBuffer> publisher) {
    publisher.subscribe(body);
  }

  /**
   * Before there is an answer, the SDK knows of the failure without us. It may then have begun the
   * next attempt already when it tells us here: that one has not failed.
   */
  @Override
  public void exceptionOccurred(Throwable error) {
    Body current = body;
    if (current != null && current.begun && current.attempt.endedWith(error)) {
      current.done.completeExceptionally(error);
    }
  }

  private RefusedException refused(Throwable why) {
    if (why instanceof ObjectStoreException e) {
      return new RefusedException(e);
    }
    return new RefusedException(
        new ObjectStoreException(
            Kind.UNKNOWN,
            call.operation,
            call.uri,
            "the destination did not take the bytes: "
                + (why instanceof IOException ? why.getMessage() : why),
            why));
  }

  /** One answer. Signals come one at a time. */
  private final class Body implements Subscriber<ByteBuffer>, Intake {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile Call.Attempt attempt;
    private volatile boolean begun;
    private Subscription subscription;
    private ByteSink sink;
    private long length;
    private long wanted;
    private long taken;

    private Body(Call.Attempt attempt) {
      this.attempt = attempt;
    }

    private void begin(GetObjectResponse response) {
      attempt = call.current();
      begun = true;
      attempt.takenBy(this);
      try {
        Span span = Span.of(response, range, call);
        length = span.length;
        ObjectMeta meta = Answers.meta(call.uri, response, span.size, span.length == span.size);
        if (meta.crc32c().isPresent()) {
          attempt.checksumReceived();
        }
        Receiver.Landing landing = receiver.begin(meta, span.offset, span.length);
        sink = landing.sink();
        wanted = Math.min(landing.length(), length);
      } catch (RefusedException e) {
        done.completeExceptionally(e);
      } catch (IOException | RuntimeException e) {
        done.completeExceptionally(refused(e));
      }
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

  /** Which bytes an answer holds. */
  private record Span(long offset, long length, long size) {

    private static final Pattern FORM =
        Pattern.compile("bytes ([0-9]{1,18})-(-?[0-9]{1,18})/([0-9]{1,18})");

    static Span of(GetObjectResponse response, ByteRange range, Call call) {
      Long length = response.contentLength();
      if (length == null || length < 0) {
        throw strange(call, "names no length");
      }
      String contentRange = response.contentRange();
      Span span;
      if (contentRange == null) {
        span = new Span(0, length, length);
      } else {
        span = parse(contentRange, call);
      }
      Optional<ByteRange.Span> expected = range.resolve(span.size);
      if (expected.isEmpty()) {
        throw new RefusedException(
            new ObjectStoreException(
                Kind.RANGE_NOT_SATISFIABLE,
                call.operation,
                call.uri,
                "the range selects no byte of the object of " + span.size + " bytes",
                null));
      }
      if (span.length != length
          || expected.get().offset() != span.offset
          || expected.get().length() != span.length) {
        throw strange(
            call,
            "sends other bytes than were asked for (%s; Content-Range %s, Content-Length %d)"
                .formatted(range, contentRange, length));
      }
      return span;
    }

    private static Span parse(String contentRange, Call call) {
      Matcher m = FORM.matcher(contentRange.strip());
      if (!m.matches()) {
        throw strange(call, "sends the Content-Range '" + contentRange + "'");
      }
      long first = Long.parseLong(m.group(1));
      return new Span(first, Long.parseLong(m.group(2)) - first + 1, Long.parseLong(m.group(3)));
    }

    private static RefusedException strange(Call call, String what) {
      return new RefusedException(
          new ObjectStoreException(
              Kind.UNSUPPORTED,
              call.operation,
              call.uri,
              call.endpoint.describe() + " " + what,
              null));
    }
  }
}
