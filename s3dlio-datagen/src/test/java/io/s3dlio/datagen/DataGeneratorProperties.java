package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is asked for, and in whatever pieces, the bytes are those of the object. */
class DataGeneratorProperties {

  private static final int SIZE = 3 * (1 << 20) + 4321;

  private enum Call {
    FILL,
    CHUNK,
    SEEK,
    RESET
  }

  private record Step(Call call, int number, boolean direct) {}

  @Property(tries = 100)
  void any_calls_give_the_bytes_of_the_object(
      @ForAll("specs") GeneratorSpec spec, @ForAll("steps") List<Step> steps)
      throws ObjectStoreException {
    GeneratedObject object = spec.object("stream", SIZE);
    byte[] expected = GeneratedObjectProperties.read(object, 0, SIZE);
    try (GeneratorPool two = new GeneratorPool(2)) {
      DataGenerator generator = new DataGenerator(object, two);
      int at = 0;
      for (Step step : steps) {
        int left = SIZE - at;
        switch (step.call) {
          case FILL -> {
            byte[] filled = fill(generator, step, Math.min(left, step.number));
            assertThat(filled).isEqualTo(Arrays.copyOfRange(expected, at, at + filled.length));
            at += filled.length;
          }
          case CHUNK -> {
            try (BytesView chunk = generator.chunk(step.number)) {
              assertThat(chunk.size()).isEqualTo(Math.min(left, step.number));
              int end = at + (int) chunk.size();
              assertThat(chunk.toByteArray()).isEqualTo(Arrays.copyOfRange(expected, at, end));
              at = end;
            }
          }
          case SEEK -> {
            at = Math.min(step.number, SIZE);
            generator.seek(at);
          }
          case RESET -> {
            at = 0;
            generator.reset();
          }
        }
        assertThat(generator.position()).isEqualTo(at);
        assertThat(generator.remaining()).isEqualTo(SIZE - at);
        assertThat(generator.isComplete()).isEqualTo(at == SIZE);
      }
    }
  }

  /** Into the middle of a buffer of which every other byte is to stay. */
  private static byte[] fill(DataGenerator generator, Step step, int expectedLength) {
    int capacity = step.number + 9;
    ByteBuffer dst =
        step.direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
    while (dst.hasRemaining()) {
      dst.put((byte) 0xEE);
    }
    dst.position(3).limit(3 + step.number);
    int filled = generator.fill(dst);
    assertThat(filled).isEqualTo(expectedLength == 0 ? -1 : expectedLength);
    assertThat(dst.position()).isEqualTo(3 + expectedLength);
    assertThat(dst.limit()).isEqualTo(3 + step.number);
    byte[] bytes = new byte[expectedLength];
    dst.get(3, bytes);
    dst.clear();
    for (int i = 0; i < capacity; i++) {
      if (i < 3 || i >= 3 + expectedLength) {
        assertThat(dst.get(i)).isEqualTo((byte) 0xEE);
      }
    }
    return bytes;
  }

  @Property(tries = 50)
  void a_channel_gives_the_bytes_of_the_object(@ForAll("steps") List<Step> steps)
      throws IOException {
    GeneratedObject object = GeneratorSpec.of(5).withDedup(2).object("channel", SIZE);
    byte[] expected = GeneratedObjectProperties.read(object, 0, SIZE);
    try (SeekableByteChannel channel = object.channel()) {
      for (Step step : steps) {
        int at = (int) Math.min(SIZE, channel.position());
        int length = Math.min(SIZE - at, step.number);
        ByteBuffer dst = ByteBuffer.allocate(step.number);
        assertThat(channel.read(dst)).isEqualTo(length == 0 ? -1 : length);
        assertThat(Arrays.copyOf(dst.array(), dst.position()))
            .isEqualTo(Arrays.copyOfRange(expected, at, at + length));
        if (step.call == Call.SEEK) {
          channel.position(2L * step.number);
          assertThat(channel.position()).isEqualTo(2L * step.number);
        }
      }
    }
  }

  @Property(tries = 20)
  void a_stream_gives_the_bytes_of_the_object(@ForAll("steps") List<Step> steps)
      throws IOException {
    GeneratedObject object = GeneratorSpec.of(6).object("input", SIZE);
    byte[] expected = GeneratedObjectProperties.read(object, 0, SIZE);
    try (InputStream in = object.inputStream()) {
      int at = 0;
      for (Step step : steps) {
        if (step.call == Call.SEEK) {
          at += (int) in.skip(step.number);
        } else if (step.call == Call.RESET) {
          int next = in.read();
          assertThat(next).isEqualTo(at < SIZE ? expected[at] & 0xFF : -1);
          at += next < 0 ? 0 : 1;
        } else {
          byte[] bytes = in.readNBytes(step.number);
          assertThat(bytes).hasSize(Math.min(step.number, SIZE - at));
          assertThat(bytes).isEqualTo(Arrays.copyOfRange(expected, at, at + bytes.length));
          at += bytes.length;
        }
      }
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(expected, at, SIZE));
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Provide
  Arbitrary<GeneratorSpec> specs() {
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.of(1.0, 2.0, 3.7),
            Arbitraries.of(1.0, 2.0),
            Arbitraries.of(512, 4096, 1 << 20))
        .as(
            (seed, compression, dedup, block) ->
                GeneratorSpec.of(seed)
                    .withCompression(compression)
                    .withDedup(dedup)
                    .withDedupBlock(block));
  }

  /** 1.5 MiB is three halves of what others make at a time, and large enough for threads. */
  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> numbers =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 10_000),
            Arbitraries.integers().between(1, 2 << 20),
            Arbitraries.of(512, 1 << 20, 3 << 19));
    return Combinators.combine(
            Arbitraries.of(Call.FILL, Call.FILL, Call.CHUNK, Call.CHUNK, Call.SEEK, Call.RESET),
            numbers,
            Arbitraries.of(true, false))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }
}
