package io.s3dlio.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.TimeUnit;

/** A connection, which serves one request after the other. Its state is its thread's alone. */
final class Http1Connection extends ChannelInboundHandlerAdapter
    implements RequestWriter.Listener, WireChannel.Filler {

  /** Heads that only say to go on, before the answer. */
  private static final int MAX_INTERIM = 16;

  final Route route;

  private final WireChannel channel;
  private final EventLoop loop;
  private final Pool pool;
  private final Limits limits;
  private final HeadReader heads = new HeadReader();

  /** Null between requests, and for good once the connection is given up. */
  private Exchange exchange;

  private RequestWriter writer;
  private Body body; // null until the head is there
  private int interim;
  private boolean keep;
  private boolean served;

  /** Why no more can be sent, or the connection ended. */
  private Throwable trouble;

  private long lastMove = System.nanoTime();
  private Future<?> watch;

  Http1Connection(WireChannel channel, Route route, Pool pool, Limits limits) {
    this.channel = channel;
    this.loop = channel.eventLoop();
    this.route = route;
    this.pool = pool;
    this.limits = limits;
  }

  /** Serves a request; from any thread, by whom the pool gave the connection to. */
  void serve(Exchange next) {
    if (loop.inEventLoop()) {
      begin(next);
    } else {
      loop.execute(() -> begin(next));
    }
  }

  private void begin(Exchange next) {
    if (next.isOver()) {
      pool.release(this);
      return;
    }
    if (!channel.isActive()) { // closed by the other side while it was idle
      pool.gone(this);
      pool.submit(next);
      return;
    }
    exchange = next;
    body = null;
    interim = 0;
    next.future.whenComplete(
        (nothing, error) -> {
          if (error != null) {
            giveUp(next);
          }
        });
    writer = new RequestWriter(channel, next, this);
    moved();
    if (watch == null || limits.silence().compareTo(limits.idle()) < 0) {
      watch(limits.silence().toNanos()); // otherwise it looks soon enough
    }
    try {
      writer.start();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      moved();
      if (exchange != null && body == null) {
        readHead(in);
      }
      if (exchange != null && body != null) {
        readBody(in);
      }
      if (in.isReadable() && exchange == null) {
        channel.close(); // unasked
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    } finally {
      in.release();
    }
  }

  private void readHead(ByteBuf in) throws IOException {
    ResponseHead head = heads.read(in);
    while (head != null && head.isInterim()) {
      if (head.status() == 101 || ++interim > MAX_INTERIM) {
        throw new IOException("the server answers " + head.status() + ", which was not asked for");
      }
      if (head.status() == 100) {
        writer.proceed();
      }
      head = heads.read(in);
    }
    if (head == null) {
      return;
    }
    body = Body.of(head, exchange.isBodiless());
    keep = head.keepsConnection() && !body.endsWithConnection() && writer.isDone();
    writer.stop();
    Exchange now = exchange;
    now.answer(head, loop, on -> flow(now, on));
    boolean plain = !route.tls() && body instanceof Body.Sized;
    if (plain && now.intake() != null && now.intake().inPlace()) {
      channel.setFiller(this);
    }
  }

  private void flow(Exchange reader, boolean on) {
    if (exchange == reader) {
      channel.config().setAutoRead(on);
      moved();
    }
  }

  private void readBody(ByteBuf in) throws IOException {
    Exchange now = exchange;
    body.read(in, now::body);
    if (exchange == now && body.isDone()) {
      keep &= !in.isReadable(); // bytes that nobody asked for: whose would they be?
      finish();
    }
  }

  @Override
  public int fill(ReadableByteChannel socket, int most) {
    Body.Sized sized = (Body.Sized) body;
    if (exchange == null) {
      return 0; // given up; the connection is being closed
    }
    int n = exchange.intake().takeFrom(socket, (int) Math.min(most, sized.left()));
    if (n > 0) {
      sized.took(n);
    }
    return n;
  }

  private void finish() {
    Exchange done = detach();
    if (keep) {
      served = true;
      pool.release(this);
    } else {
      channel.close();
    }
    done.complete();
  }

  private Exchange detach() {
    Exchange was = exchange;
    exchange = null;
    channel.setFiller(null);
    channel.config().setAutoRead(true);
    return was;
  }

  private void fail(Throwable why) {
    Exchange failed = detach();
    if (failed != null) {
      writer.stop();
    }
    channel.close();
    if (failed != null) {
      failed.fail(why);
    }
  }

  /** Breaks a request off, if it is still this connection's; from any thread. */
  private void giveUp(Exchange unwanted) {
    // Never at once: whoever asks may be in the middle of taking bytes.
    loop.execute(
        () -> {
          if (exchange == unwanted) {
            detach();
            writer.stop();
            channel.close();
          }
        });
  }

  @Override
  public void sent() {
    moved();
  }

  @Override
  public void unsendable(Throwable why) {
    fail(why);
  }

  @Override
  public void unsent(Throwable why) {
    if (trouble == null) {
      trouble = why;
    }
    keep = false;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
    fail(why instanceof DecoderException && why.getCause() != null ? why.getCause() : why);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    pool.gone(this);
    if (watch != null) {
      watch.cancel(false);
    }
    if (exchange == null) {
      return;
    }
    if (body != null && body.endsWithConnection()) {
      detach().complete();
    } else {
      fail(new IOException(describeEnd(), trouble));
    }
  }

  private String describeEnd() {
    if (body != null) {
      return "the connection ended within the answer";
    }
    return served && !heads.hasBegun()
        ? "the server closed the connection while it was idle"
        : "the server closed the connection without an answer";
  }

  private void moved() {
    lastMove = System.nanoTime();
  }

  /** Looks when nothing may have moved for so long; sooner, for it may be idle by then. */
  private void watch(long nanos) {
    if (watch != null) {
      watch.cancel(false);
    }
    long next = Math.min(nanos, limits.idle().toNanos());
    watch = loop.schedule(this::look, next, TimeUnit.NANOSECONDS);
  }

  private void look() {
    watch = null;
    long limit = (exchange == null ? limits.idle() : limits.silence()).toNanos();
    long silent = System.nanoTime() - lastMove;
    boolean paused = !channel.config().isAutoRead(); // by the reader, not by the server
    if (silent < limit || paused) {
      watch(paused ? limit : limit - silent);
    } else if (exchange == null) {
      channel.close();
    } else {
      fail(
          new SocketTimeoutException(
              "no byte for "
                  + limits.silence().toMillis()
                  + " ms, which is "
                  + limits.store()
                  + ".read-timeout"));
    }
  }

  /** Ends it, and what it serves; from any thread. */
  void close(Throwable why) {
    loop.execute(() -> fail(why));
  }
}
