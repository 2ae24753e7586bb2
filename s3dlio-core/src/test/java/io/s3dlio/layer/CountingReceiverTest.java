package io.s3dlio.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSink;
import io.s3dlio.ByteSinks;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectUri;
import io.s3dlio.spi.InPlaceSink;
import io.s3dlio.spi.Receiver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What lands is counted, and lands where it would have: in place above all. */
class CountingReceiverTest {

  private static final ObjectUri URI = ObjectUri.parse("memory://b/o");
  private static final ObjectMeta META =
      ObjectMeta.listed(URI, 100, Instant.EPOCH, Optional.of("e"));

  private final Exchange exchange = new Exchange(Call.of(Operation.READ, URI, 1));

  /** A sink that a socket can be read into. */
  private static final class Memory implements InPlaceSink {
    private final ByteBuffer bytes = ByteBuffer.allocate(10);
    private final ByteSink sink = ByteSinks.of(bytes.duplicate());
    private boolean inPlace = true;

    @Override
    public void write(long offset, ByteBuffer src) throws IOException {
      sink.write(offset, src);
    }

    @Override
    public boolean inPlace() {
      return inPlace;
    }

    @Override
    public int readFrom(long offset, ReadableByteChannel channel, int most) throws IOException {
      return channel.read(bytes.duplicate().position((int) offset).limit((int) offset + most));
    }
  }

  private InPlaceSink counting(ByteSink sink) throws IOException {
    Receiver receiver =
        new CountingReceiver((meta, offset, length) -> new Receiver.Landing(sink, 7), exchange);
    assertThat(exchange.isAnswered()).isFalse();
    Receiver.Landing landing = receiver.begin(META, 3, 9);
    assertThat(exchange.isAnswered()).isTrue();
    assertThat(exchange.answerNanos() - exchange.startNanos()).isNotNegative();
    assertThat(landing.length()).isEqualTo(7);
    return (InPlaceSink) landing.sink();
  }

  @Test
  void inPlaceStaysInPlace() throws Exception {
    Memory memory = new Memory();
    InPlaceSink sink = counting(memory);
    assertThat(sink.inPlace()).isTrue();
    ReadableByteChannel channel =
        Channels.newChannel(new ByteArrayInputStream(new byte[] {1, 2, 3}));
    assertThat(sink.readFrom(2, channel, 5)).isEqualTo(3);
    assertThat(sink.readFrom(5, channel, 5)).isEqualTo(-1);
    assertThat(memory.bytes.array()).startsWith(0, 0, 1, 2, 3);
    assertThat(exchange.received()).isEqualTo(3);
    memory.inPlace = false;
    assertThat(sink.inPlace()).isFalse();
  }

  @Test
  void memoryIsHandedThrough() throws Exception {
    ByteBuffer bytes = ByteBuffer.allocateDirect(10);
    InPlaceSink sink = counting(ByteSinks.of(bytes.duplicate()));
    assertThat(sink.inPlace()).isFalse();
    assertThatThrownBy(() -> sink.readFrom(0, null, 1)).isInstanceOf(IllegalStateException.class);
    sink.target(4, 2).put((byte) 8).put((byte) 9);
    sink.filled(4, 2);
    sink.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    assertThat(bytes).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 0, 8, 9, 0, 0, 0, 0}));
    assertThat(exchange.received()).isEqualTo(5);
  }
}
