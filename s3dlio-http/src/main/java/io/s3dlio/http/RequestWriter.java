package io.s3dlio.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Sends one request: the head, then the body straight from the memory that its publisher gives.
 * Everything happens on the connection's thread.
 */
final class RequestWriter implements Subscriber<ByteBuffer> {

  /** Given to the socket at a time, so that what is not wanted any more is not sent. */
  private static final int SLICE = 1 << 20;

  /** Slices under way at a time. */
  private static final int AHEAD = 4;

  /** Buffers asked for and not yet sent. */
  private static final int WINDOW = 16;

  /** After that long without a word the body is sent, as RFC 9110, section 10.1.1, advises. */
  private static final long CONTINUE_MILLIS = 1000;

  /** Hears how sending goes. */
  interface Listener {
    /** Bytes have gone out. */
    void sent();

    /** The body cannot be had, or does not have the length it should have. */
    void unsendable(Throwable why);

    /** The socket takes no more; an answer may come all the same. */
    void unsent(Throwable why);
  }

  private final Channel channel;
  private final HttpRequest request;
  private final Route route;
  private final Listener listener;
  private final Optional<Long> length;
  private final ChannelFutureListener afterWrite = this::written;

  private final Deque<ByteBuffer> pending = new ArrayDeque<>();
  private Subscription body;
  private Future<?> patience;
  private long left;
  private int underWay;
  private boolean begun;

  /** The publisher has given all. */
  private boolean complete;

  /** All has been given to the socket. */
  private boolean ended;

  private boolean stopped;

  RequestWriter(Channel channel, Exchange exchange, Listener listener) {
    this.channel = channel;
    this.request = exchange.request;
    this.route = exchange.route;
    this.listener = listener;
    this.length = request.length();
    this.left = length.orElse(0L);
  }

  /**
   * Begins.
   *
   * @throws IllegalArgumentException if the head cannot be sent; nothing has been sent then
   */
  void start() {
    ByteBuf head = RequestHead.encode(request, route, length, channel.alloc());
    write(head);
    boolean empty = length.isPresent() && length.get() == 0;
    if (empty) {
      ended = true;
    } else if (request.header("Expect").isPresent()) {
      patience =
          channel.eventLoop().schedule(this::proceed, CONTINUE_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      proceed();
    }
    channel.flush();
  }

  /** The body is wanted. */
  void proceed() {
    if (!begun && !ended && !stopped) {
      begun = true;
      stopWaiting();
      request.content().subscribe(this);
    }
  }

  /** The answer is there: what has not been sent is not wanted. */
  void stop() {
    stopped = true;
    stopWaiting();
    pending.clear();
    if (body != null) {
      body.cancel();
    }
  }

  /** Whether all has been sent. */
  boolean isDone() {
    return ended && underWay == 0;
  }

  private void stopWaiting() {
    if (patience != null) {
      patience.cancel(false);
      patience = null;
    }
  }

  /** Never at once: what came before, on another thread, may still wait for its turn. */
  private void onLoop(Runnable task) {
    channel.eventLoop().execute(task);
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    onLoop(
        () -> {
          body = subscription;
          if (stopped) {
            subscription.cancel();
          } else {
            subscription.request(WINDOW);
          }
        });
  }

  @Override
  public void onNext(ByteBuffer bytes) {
    onLoop(() -> take(bytes));
  }

  private void take(ByteBuffer bytes) {
    if (stopped) {
      return;
    }
    int n = bytes.remaining();
    if (length.isPresent() && n > left) {
      refuse("the body is longer than the " + length.get() + " bytes announced");
      return;
    }
    if (length.isPresent()) {
      left -= n;
    }
    if (n == 0) {
      body.request(1);
      return;
    }
    pending.add(bytes.duplicate());
    pump();
  }

  @Override
  public void onComplete() {
    onLoop(
        () -> {
          if (stopped) {
            return;
          }
          complete = true;
          if (left > 0) {
            refuse("the body ended " + left + " bytes before the length announced");
          } else {
            pump();
          }
        });
  }

  @Override
  public void onError(Throwable why) {
    onLoop(
        () -> {
          if (!stopped) {
            stop();
            listener.unsendable(why);
          }
        });
  }

  private void refuse(String why) {
    stop();
    listener.unsendable(new IllegalStateException(why)); // repeating it does not help
  }

  /** Keeps the socket busy. */
  private void pump() {
    int before = underWay;
    int finished = 0;
    while (underWay < AHEAD && !pending.isEmpty()) {
      ByteBuffer next = pending.element();
      int n = Math.min(next.remaining(), SLICE);
      writePiece(next.slice(next.position(), n));
      next.position(next.position() + n);
      if (!next.hasRemaining()) {
        pending.remove();
        finished++;
      }
    }
    if (!ended && pending.isEmpty() && (complete || (length.isPresent() && left == 0))) {
      ended = true;
      if (length.isEmpty()) {
        write(ascii("0\r\n\r\n"));
      }
    }
    if (underWay > before) {
      channel.flush();
    }
    if (finished > 0 && !ended) {
      body.request(finished);
    }
  }

  private void writePiece(ByteBuffer piece) {
    if (length.isPresent()) {
      write(Unpooled.wrappedBuffer(piece));
    } else {
      write(ascii(Integer.toHexString(piece.remaining()) + "\r\n"));
      write(Unpooled.wrappedBuffer(piece));
      write(ascii("\r\n"));
    }
  }

  private void write(ByteBuf bytes) {
    underWay++;
    channel.write(bytes).addListener(afterWrite);
  }

  private void written(ChannelFuture write) {
    underWay--;
    if (!write.isSuccess()) {
      stop();
      listener.unsent(write.cause());
      return;
    }
    listener.sent();
    if (!stopped) {
      pump();
    }
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
