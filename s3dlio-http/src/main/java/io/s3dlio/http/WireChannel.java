package io.s3dlio.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * A socket that can be read past Netty's buffers: while a {@link Filler} is set, bytes go from the
 * kernel to where it wants them, and the pipeline is told by an empty buffer that there were some.
 */
final class WireChannel extends NioSocketChannel {

  /** Bytes received at a time: what fits into the cache of a core. */
  static final int RECEIVE = 256 << 10;

  /** Reads once from a socket. */
  @FunctionalInterface
  interface Filler {
    /** As {@link Intake#takeFrom}. */
    int fill(ReadableByteChannel socket, int most);
  }

  private final Socket socket = new Socket();
  private Filler filler; // as all of this, for the event loop alone

  WireChannel() {
    config().setRecvByteBufAllocator(new Receive());
  }

  /** From the next read on; null for Netty's own buffers. */
  void setFiller(Filler next) {
    filler = next;
  }

  @Override
  protected int doReadBytes(ByteBuf buffer) throws Exception {
    Filler to = filler;
    if (to == null) {
      return super.doReadBytes(buffer);
    }
    // If as much came as was asked for there may be more: then Netty asks again at once.
    unsafe().recvBufAllocHandle().attemptedBytesRead(RECEIVE);
    int n = to.fill(socket, RECEIVE);
    if (socket.failure != null) {
      throw socket.failure;
    }
    return n;
  }

  /** Keeps its failures to itself, so that those of whom the bytes are for are told apart. */
  private final class Socket implements ReadableByteChannel {
    private IOException failure;

    @Override
    public int read(ByteBuffer to) {
      try {
        return javaChannel().read(to);
      } catch (IOException e) {
        failure = e;
        return -1;
      }
    }

    @Override
    public boolean isOpen() {
      return WireChannel.this.isOpen();
    }

    @Override
    public void close() {
      WireChannel.this.close();
    }
  }

  /** Large buffers from Netty's pool, never of the heap; none where none is needed. */
  private final class Receive extends DefaultMaxMessagesRecvByteBufAllocator {
    @Override
    public MaxMessageHandle newHandle() {
      return new MaxMessageHandle() {
        @Override
        public int guess() {
          return RECEIVE;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator pool) {
          return filler == null ? pool.directBuffer(RECEIVE) : Unpooled.EMPTY_BUFFER;
        }
      };
    }
  }
}
