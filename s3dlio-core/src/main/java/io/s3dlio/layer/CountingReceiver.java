package io.s3dlio.layer;

import io.s3dlio.ByteSink;
import io.s3dlio.ObjectMeta;
import io.s3dlio.spi.InPlaceSink;
import io.s3dlio.spi.Receiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Notes when an answer begins and how many bytes land; changes nothing about how they do. */
final class CountingReceiver implements Receiver {

  private final Receiver receiver;
  private final Exchange exchange;

  CountingReceiver(Receiver receiver, Exchange exchange) {
    this.receiver = receiver;
    this.exchange = exchange;
  }

  @Override
  public Landing begin(ObjectMeta meta, long offset, long length) throws IOException {
    exchange.answered();
    Landing landing = receiver.begin(meta, offset, length);
    return new Landing(new CountingSink(landing.sink(), exchange), landing.length());
  }

  /** In place where the sink below is. */
  private record CountingSink(ByteSink sink, Exchange exchange) implements InPlaceSink {

    @Override
    public void write(long offset, ByteBuffer src) throws IOException {
      int bytes = src.remaining();
      sink.write(offset, src);
      exchange.received(bytes);
    }

    @Override
    public ByteBuffer target(long offset, int length) {
      return sink.target(offset, length);
    }

    @Override
    public void filled(long offset, int length) throws IOException {
      sink.filled(offset, length);
      exchange.received(length);
    }

    @Override
    public boolean inPlace() {
      return sink instanceof InPlaceSink memory && memory.inPlace();
    }

    @Override
    public int readFrom(long offset, ReadableByteChannel channel, int most) throws IOException {
      if (!(sink instanceof InPlaceSink memory)) {
        throw new IllegalStateException("not in place");
      }
      int bytes = memory.readFrom(offset, channel, most);
      exchange.received(Math.max(0, bytes));
      return bytes;
    }
  }
}
