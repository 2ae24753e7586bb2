package io.s3dlio.http;

import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The body of an answer as a handler gets it. Everything happens on the connection's thread; what
 * is asked elsewhere is brought there.
 */
final class ResponseStream implements Publisher<ByteBuffer>, Subscription {

  private final EventLoop loop;
  private final Consumer<Boolean> flow;
  private final Runnable cancelled;
  private final Deque<ByteBuffer> queue = new ArrayDeque<>();
  private Subscriber<? super ByteBuffer> subscriber;
  private long demand;
  private Runnable atEnd;
  private boolean over;
  private boolean draining;
  private boolean paused;

  /**
   * Has no bytes yet.
   *
   * @param loop the connection's thread
   * @param flow told there to pause (false) and to go on (true)
   * @param cancelled told on any thread that no more is wanted
   */
  ResponseStream(EventLoop loop, Consumer<Boolean> flow, Runnable cancelled) {
    this.loop = loop;
    this.flow = flow;
    this.cancelled = cancelled;
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> next) {
    onLoop(
        () -> {
          if (subscriber != null) {
            throw new IllegalStateException("the body of an answer is there once");
          }
          subscriber = next;
          next.onSubscribe(this);
          drain();
        });
  }

  @Override
  public void request(long n) {
    onLoop(
        () -> {
          if (n <= 0) {
            fail(new IllegalArgumentException("a subscriber asked for " + n + " buffers"));
            cancelled.run();
            return;
          }
          demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
          drain();
        });
  }

  @Override
  public void cancel() {
    onLoop(
        () -> {
          over = true;
          queue.clear();
        });
    cancelled.run();
  }

  /** Passes bytes on, at once or when they are asked for. */
  void offer(ByteBuffer bytes) {
    if (!over) {
      queue.add(bytes);
      drain();
    }
  }

  /** All bytes have been offered. */
  void end(Runnable afterwards) {
    atEnd = afterwards;
    drain();
  }

  void fail(Throwable why) {
    if (!over) {
      over = true;
      queue.clear();
      if (subscriber != null) {
        subscriber.onError(why);
      }
    }
  }

  private void drain() {
    if (subscriber == null || draining) {
      return;
    }
    draining = true;
    while (demand > 0 && !queue.isEmpty()) {
      demand--;
      subscriber.onNext(queue.remove());
    }
    draining = false;
    if (paused != !queue.isEmpty()) {
      paused = !paused;
      flow.accept(!paused);
    }
    if (queue.isEmpty() && atEnd != null && !over) {
      over = true;
      subscriber.onComplete();
      atEnd.run();
    }
  }
}
