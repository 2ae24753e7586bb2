package io.s3dlio.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One connection on its way. All its steps together have one limit. */
final class Connecting {

  private final Route route;
  private final EventLoop loop;
  private final Supplier<SslContext> tls;
  private final CompletableFuture<WireChannel> result = new CompletableFuture<>();
  private WireChannel channel;

  Connecting(Route route, EventLoop loop, Duration limit, Supplier<SslContext> tls) {
    this.route = route;
    this.loop = loop;
    this.tls = tls;
    Future<?> deadline =
        loop.schedule(
            () ->
                fail(
                    new SocketTimeoutException("not connected within " + limit.toMillis() + " ms")),
            limit.toNanos(),
            TimeUnit.NANOSECONDS);
    result.whenComplete((opened, error) -> deadline.cancel(false));
  }

  CompletableFuture<WireChannel> result() {
    return result;
  }

  /** From any thread. */
  void fail(Throwable why) {
    loop.execute(
        () -> {
          if (channel != null && !result.isDone()) {
            channel.close();
          }
          result.completeExceptionally(why);
        });
  }

  /**
   * Goes on when the addresses are known.
   *
   * @param first which of them is tried first, counted round
   */
  void to(InetAddress[] addresses, int first) {
    loop.execute(() -> connect(addresses, first, addresses.length));
  }

  private void connect(InetAddress[] addresses, int next, int left) {
    if (result.isDone()) {
      return;
    }
    InetAddress address = addresses[Math.floorMod(next, addresses.length)];
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channelFactory(WireChannel::new)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // ours holds
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            // What a server says before it stops listening is to be read.
            .option(ChannelOption.AUTO_CLOSE, false)
            .handler(new Nothing())
            .connect(new InetSocketAddress(address, route.nextPort()));
    channel = (WireChannel) connected.channel();
    connected.addListener(
        (ChannelFuture f) -> {
          if (f.isSuccess()) {
            connected();
          } else if (left > 1) {
            connect(addresses, next + 1, left - 1);
          } else {
            fail(f.cause());
          }
        });
  }

  private void connected() {
    if (result.isDone()) {
      channel.close();
    } else if (route.proxy().isPresent() && route.tls()) {
      tunnel();
    } else {
      secure();
    }
  }

  private void tunnel() {
    ProxyServer proxy = route.proxy().orElseThrow();
    String target = route.host() + ":" + route.port();
    StringBuilder head =
        new StringBuilder("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n");
    proxy
        .authorization()
        .ifPresent(value -> head.append("Proxy-Authorization: ").append(value).append("\r\n"));
    Tunnel tunnel = new Tunnel(proxy + " for " + target, this::secure, this::fail);
    channel.pipeline().addLast(tunnel);
    channel.writeAndFlush(Unpooled.copiedBuffer(head.append("\r\n"), StandardCharsets.ISO_8859_1));
  }

  private void secure() {
    if (!route.tls()) {
      result.complete(channel);
      return;
    }
    SslHandler handler;
    try {
      handler = tls.get().newHandler(channel.alloc(), bareHost(), route.port());
    } catch (RuntimeException e) { // of the settings, say
      fail(e);
      return;
    }
    handler.setHandshakeTimeoutMillis(0); // ours holds
    handler
        .handshakeFuture()
        .addListener(
            f -> {
              if (!f.isSuccess()) {
                fail(f.cause());
                return;
              }
              channel.pipeline().remove(Silent.class);
              if (!result.complete(channel)) {
                channel.close();
              }
            });
    channel.pipeline().addLast(handler, new Silent());
  }

  private String bareHost() {
    String host = route.host();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** What goes wrong in agreeing on TLS is told by its future; Netty would log it as well. */
  private static final class Silent extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable why) {}
  }

  /** Bootstrap wants a handler. */
  private static final class Nothing extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {}
  }
}
