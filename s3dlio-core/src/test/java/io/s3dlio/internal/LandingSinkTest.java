package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSink;
import io.s3dlio.ByteSinks;
import io.s3dlio.ObjectUri;
import io.s3dlio.ProgressListener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LandingSinkTest {

  private final ByteBuffer memory = ByteBuffer.allocateDirect(100);
  private final AtomicLong progress = new AtomicLong();
  private final Pace.Watch watch =
      Pace.NONE.watch("get", ObjectUri.parse("memory://b/k"), 80, false);

  private LandingSink sink(ByteSink destination) {
    return new LandingSink(destination, 10, 80, false, true, progress::addAndGet, watch);
  }

  private static byte[] random(int n) {
    byte[] bytes = new byte[n];
    new Random(n).nextBytes(bytes);
    return bytes;
  }

  private static ReadableByteChannel channel(byte[] bytes) {
    return Channels.newChannel(new ByteArrayInputStream(bytes));
  }

  private byte[] landed(int from, int n) {
    byte[] bytes = new byte[n];
    memory.get(from, bytes);
    return bytes;
  }

  @Test
  void readsInPlaceBesideWrites() throws IOException {
    byte[] bytes = random(80);
    LandingSink sink = sink(ByteSinks.of(memory));
    ReadableByteChannel channel = channel(bytes);
    sink.write(0, ByteBuffer.wrap(bytes, 0, 7));
    channel.read(ByteBuffer.allocate(7));
    assertThat(sink.inPlace()).isTrue();
    assertThat(sink.readFrom(7, channel, 20)).isEqualTo(20);
    assertThat(sink.readFrom(27, channel, 1000)).isEqualTo(53);
    assertThat(sink.count()).isEqualTo(80);
    assertThat(progress).hasValue(80);
    assertThat(landed(10, 80)).isEqualTo(bytes);
    assertThat(landed(0, 10)).containsOnly(0);
    assertThat(landed(90, 10)).containsOnly(0);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(bytes);
    assertThat(sink.crc()).isEqualTo((int) crc.getValue());
  }

  @Test
  void tellsTheEndOfTheChannel() throws IOException {
    LandingSink sink = sink(ByteSinks.of(memory));
    assertThat(sink.inPlace()).isTrue();
    assertThat(sink.readFrom(0, channel(new byte[0]), 10)).isEqualTo(-1);
    assertThat(sink.count()).isZero();
  }

  @Test
  void isNotInPlaceWithoutMemory() throws IOException {
    assertThat(sink((offset, src) -> {}).inPlace()).isFalse();
    assertThat(sink(ByteSinks.of(ByteBuffer.allocateDirect(89))).inPlace()).isFalse();
    LandingSink shut = sink(ByteSinks.of(memory));
    shut.shut();
    assertThat(shut.inPlace()).isFalse();
  }

  @Test
  void readsOnlyWhatIsNext() {
    LandingSink sink = sink(ByteSinks.of(memory));
    assertThat(sink.inPlace()).isTrue();
    assertThatThrownBy(() -> sink.readFrom(5, channel(random(80)), 10))
        .isInstanceOf(IOException.class);
    assertThat(landed(0, 100)).containsOnly(0);
  }

  @Test
  void readsNothingOnceShut() {
    LandingSink sink = sink(ByteSinks.of(memory));
    assertThat(sink.inPlace()).isTrue();
    sink.shut();
    assertThatThrownBy(() -> sink.readFrom(0, channel(random(80)), 10))
        .hasMessageContaining("given up");
    assertThat(landed(0, 100)).containsOnly(0);
  }

  /** So that nobody writes into the memory any more once it may be someone else's. */
  @Test
  void isShutOnlyWhenNothingIsBeingRead() throws Exception {
    LandingSink sink = sink(ByteSinks.of(memory));
    assertThat(sink.inPlace()).isTrue();
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch shutting = new CountDownLatch(1);
    Thread network = new Thread(() -> read(sink, reading, shutting));
    network.start();
    assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
    Thread caller = new Thread(sink::shut);
    caller.start();
    while (caller.getState() != Thread.State.BLOCKED) { // until it waits for the lock
      assertThat(caller.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    shutting.countDown();
    caller.join(30_000);
    byte[] atShut = landed(0, 100);
    network.join(30_000);
    assertThat(landed(0, 100)).isEqualTo(atShut);
    assertThat(Arrays.copyOfRange(atShut, 10, 90)).containsOnly(1);
  }

  private static void read(LandingSink sink, CountDownLatch reading, CountDownLatch shutting) {
    ReadableByteChannel slow =
        new ReadableByteChannel() {
          @Override
          public int read(ByteBuffer to) throws IOException {
            reading.countDown();
            try {
              assertThat(shutting.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            int n = to.remaining();
            while (to.hasRemaining()) {
              to.put((byte) 1);
            }
            return n;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    try {
      sink.readFrom(0, slow, 80);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void takesNoCrcWhereNoneIsWanted() throws IOException {
    LandingSink sink =
        new LandingSink(ByteSinks.of(memory), 0, 100, false, false, ProgressListener.NONE, watch);
    assertThat(sink.inPlace()).isTrue();
    assertThat(sink.readFrom(0, channel(random(100)), 100)).isEqualTo(100);
    assertThat(landed(0, 100)).isEqualTo(random(100));
  }
}
