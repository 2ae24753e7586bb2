package io.s3dlio.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.function.Consumer;

/** Awaits what a proxy answers to CONNECT. */
final class Tunnel extends ChannelInboundHandlerAdapter {

  private final String what;
  private final Runnable open;
  private final Consumer<Throwable> refused;
  private final HeadReader heads = new HeadReader();

  Tunnel(String what, Runnable open, Consumer<Throwable> refused) {
    this.what = what;
    this.open = open;
    this.refused = refused;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      ResponseHead head = heads.read(in);
      if (head == null || head.isInterim()) {
        return;
      }
      if (head.status() >= 300) {
        refused.accept(
            new IOException(
                "the proxy " + what + " answers " + head.status() + " " + head.reason()));
      } else if (in.isReadable()) {
        refused.accept(new IOException("the proxy " + what + " speaks before it was asked"));
      } else {
        context.pipeline().remove(this);
        open.run();
      }
    } catch (IOException e) {
      refused.accept(new IOException("the proxy " + what + ": " + e.getMessage(), e));
    } finally {
      in.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    refused.accept(new IOException("the proxy " + what + " closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
    refused.accept(new IOException("the proxy " + what + ": " + why, why));
  }
}
