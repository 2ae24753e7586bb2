package io.s3dlio.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Bodies of requests whose bytes are in memory. */
public final class Contents {

  private static final HttpRequest.Content NONE = of(List.of());

  private Contents() {}

  /**
   * No bytes.
   *
   * @return of length 0
   */
  public static HttpRequest.Content none() {
    return NONE;
  }

  /**
   * Sends from the memory that is given, without a copy.
   *
   * @param buffers their contents, in order; their positions are left alone, and their bytes must
   *     not change until the request has ended
   * @return their bytes
   */
  public static HttpRequest.Content of(List<ByteBuffer> buffers) {
    return new InMemory(List.copyOf(buffers));
  }

  /**
   * Sends text.
   *
   * @param text encoded as UTF-8
   * @return its bytes
   */
  public static HttpRequest.Content of(String text) {
    return of(List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
  }

  private static final class InMemory implements HttpRequest.Content {
    private final List<ByteBuffer> buffers;

    InMemory(List<ByteBuffer> buffers) {
      this.buffers = buffers;
    }

    @Override
    public Optional<Long> length() {
      long length = 0;
      for (ByteBuffer buffer : buffers) {
        length += buffer.remaining();
      }
      return Optional.of(length);
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
      subscriber.onSubscribe(new Delivery(subscriber));
    }

    /** Asked by one thread at a time, the connection's. */
    private final class Delivery implements Subscription {
      private final Subscriber<? super ByteBuffer> subscriber;
      private int next;
      private boolean over;

      Delivery(Subscriber<? super ByteBuffer> subscriber) {
        this.subscriber = subscriber;
      }

      @Override
      public void request(long n) {
        for (long i = 0; i < n && next < buffers.size() && !over; i++) {
          subscriber.onNext(buffers.get(next++).duplicate());
        }
        if (next == buffers.size() && !over) {
          over = true;
          subscriber.onComplete();
        }
      }

      @Override
      public void cancel() {
        over = true;
      }
    }
  }
}
