package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectReader;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectWriter;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.ReaderOptions;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.WriterOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.NonWritableChannelException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that are written and read in order, through channels and streams. */
interface StreamContract extends Fixture {

  /** The ways to give a writer its bytes. */
  enum Way {
    WRITE {
      @Override
      void write(ObjectWriter writer, byte[] content) throws IOException {
        SplittableRandom random = new SplittableRandom(content.length);
        for (int at = 0; at < content.length; ) {
          int n = Math.min(content.length - at, random.nextInt(3 * PART));
          assertThat(writer.write(ByteBuffer.wrap(content, at, n))).isEqualTo(n);
          at += n;
        }
      }
    },
    RESERVE {
      @Override
      void write(ObjectWriter writer, byte[] content) throws IOException {
        SplittableRandom random = new SplittableRandom(content.length);
        for (int at = 0; at < content.length; ) {
          ByteBuffer room = writer.reserve();
          assertThat(room.isDirect()).isTrue();
          int n = Math.min(Math.min(content.length - at, room.remaining()), random.nextInt(PART));
          room.put(content, at, n);
          writer.commit(n);
          at += n;
        }
      }
    },
    TRANSFER {
      @Override
      void write(ObjectWriter writer, byte[] content) throws IOException {
        var source = Channels.newChannel(new ByteArrayInputStream(content));
        assertThat(writer.transferFrom(source)).isEqualTo(content.length);
        assertThat(source.isOpen()).isTrue();
      }
    },
    STREAM {
      @Override
      void write(ObjectWriter writer, byte[] content) throws IOException {
        try (OutputStream out = writer.outputStream()) {
          int half = content.length / 2;
          out.write(content, 0, half);
          if (half < content.length) {
            out.write(content[half]);
            out.write(content, half + 1, content.length - half - 1);
          }
        }
      }
    };

    abstract void write(ObjectWriter writer, byte[] content) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  default void whatIsWrittenInOrderIsTheObject(Way way) throws Exception {
    int part = uploadPart();
    for (int size : new int[] {0, 1, part - 1, part, part + 1, severalParts()}) {
      byte[] content = bytes(size, size);
      try (ObjectWriter writer = store().writer(uri("o"))) {
        way.write(writer, content);
        assertThat(writer.written()).isEqualTo(size);
        assertThat(list("")).as("before the end").isEmpty();
        writer.finish();
        assertThat(writer.isOpen()).isFalse();
      }
      assertThat(get("o")).isEqualTo(content);
      store().delete(uri("o"));
    }
  }

  @ParameterizedTest
  @EnumSource
  default void aSizeThatIsKnownIsKept(Way way) throws Exception {
    for (int size : new int[] {0, 10, uploadPart(), severalParts()}) {
      byte[] content = bytes(size, size);
      WriterOptions announced = WriterOptions.DEFAULT.withSize(size);
      try (ObjectWriter writer = store().writer(uri("o"), announced)) {
        way.write(writer, content);
        writer.finish();
      }
      assertThat(get("o")).isEqualTo(content);
      store().delete(uri("o"));
      try (ObjectWriter writer = store().writer(uri("o"), announced)) {
        assertFails(
            Kind.INVALID, uri("o"), () -> way.write(writer, Arrays.copyOf(content, size + 1)));
      }
      WriterOptions more = WriterOptions.DEFAULT.withSize(size + 1);
      try (ObjectWriter writer = store().writer(uri("o"), more)) {
        way.write(writer, content);
        assertFails(Kind.INVALID, uri("o"), writer::finish);
      }
    }
    assertThat(list("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void whatIsNotFinishedDoesNotAppear(boolean large) throws Exception {
    byte[] old = bytes(50, 1);
    put("o", old);
    byte[] content = bytes(large ? severalParts() : 10, 2);
    for (Way way : Way.values()) {
      for (String name : new String[] {"o", "new"}) {
        ObjectWriter writer = store().writer(uri(name));
        way.write(writer, content);
        writer.close();
        writer.close();
        assertFails(Kind.INVALID, uri(name), () -> writer.write(ByteBuffer.allocate(1)));
        assertFails(Kind.INVALID, uri(name), writer::reserve);
        assertFails(Kind.INVALID, uri(name), () -> writer.commit(0));
        assertFails(Kind.INVALID, uri(name), writer::finish);
      }
    }
    assertThat(get("o")).isEqualTo(old);
    assertThat(list("")).containsExactly("o");
    assertThat(leftNow()).isEmpty();
  }

  @Test
  default void onlyWhatWasReservedIsCommitted() throws Exception {
    try (ObjectWriter writer = store().writer(uri("o"))) {
      assertThatThrownBy(() -> writer.commit(1)).isInstanceOf(IllegalArgumentException.class);
      writer.reserve().put((byte) 'a');
      writer.reserve().put((byte) 'b');
      writer.commit(1);
      assertThatThrownBy(() -> writer.commit(1)).isInstanceOf(IllegalArgumentException.class);
      int room = writer.reserve().remaining();
      assertThatThrownBy(() -> writer.commit(room + 1))
          .isInstanceOf(IllegalArgumentException.class);
      writer.reserve();
      writer.write(ByteBuffer.wrap(new byte[] {'c'}));
      assertThatThrownBy(() -> writer.commit(1)).isInstanceOf(IllegalArgumentException.class);
      writer.finish();
    }
    assertThat(get("o")).asString().isEqualTo("bc");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void aWriterKeepsToItsOptions(boolean large) throws Exception {
    byte[] content = bytes(large ? severalParts() : 10, 3);
    PutOptions options = PutOptions.DEFAULT.withMode(PutMode.CREATE);
    if (can().userMetadata()) {
      options = options.withContentType("text/x-test");
    }
    for (int round = 0; round < 2; round++) {
      try (ObjectWriter writer = store().writer(uri("o"), WriterOptions.DEFAULT.withPut(options))) {
        boolean first = round == 0;
        ThrowingWrite rest =
            () -> {
              Way.WRITE.write(writer, content);
              writer.finish();
            };
        if (first) {
          rest.run();
        } else {
          assertFails(Kind.ALREADY_EXISTS, uri("o"), rest::run);
        }
      }
    }
    assertThat(get("o")).isEqualTo(content);
    if (can().userMetadata()) {
      assertThat(store().head(uri("o")).contentType()).contains("text/x-test");
    }
  }

  /** Some of a write. */
  interface ThrowingWrite {
    void run() throws IOException;
  }

  @Test
  default void littleMemoryIsEnoughForALargeObject() throws Exception {
    byte[] content = bytes(4 * severalParts(), 4);
    long limit = 2L * (uploadPart() + (1 << 20));
    ObjectStore poor =
        another(c -> c.with(StoreConfig.MEMORY_LIMIT, limit + ""), RequestListener.NONE);
    try (ObjectWriter writer = poor.writer(uri("o"))) {
      Way.WRITE.write(writer, content);
      writer.finish();
    }
    try (ObjectReader reader = poor.reader(uri("o"))) {
      assertThat(reader.inputStream().readAllBytes()).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 7", "1, 7", "100000, 7", "327803, 10", "327803, 65536", "327803, 1000000"})
  default void whatIsReadInOrderIsTheObject(int size, int pieces) throws Exception {
    byte[] content = bytes(size, 5);
    put("o", content);
    for (long ahead : new long[] {0, 1, 2 * PART, 32 << 20}) {
      ReaderOptions options = ReaderOptions.DEFAULT.withReadAhead(ahead);
      try (ObjectReader reader = store().reader(uri("o"), options)) {
        assertThat(reader.size()).isEqualTo(size);
        assertThat(reader.meta().size()).isEqualTo(size);
        ByteBuffer read = ByteBuffer.allocate(size + 1);
        ByteBuffer piece = ByteBuffer.allocateDirect(Math.max(1, pieces));
        while (reader.read(piece.clear()) >= 0) {
          read.put(piece.flip());
          assertThat(reader.position()).isEqualTo(read.position());
        }
        assertThat(Arrays.copyOf(read.array(), read.position())).isEqualTo(content);
        assertThat(reader.read(ByteBuffer.allocate(0))).isZero();
      }
      try (InputStream in = store().reader(uri("o"), options).inputStream()) {
        assertThat(in.readAllBytes()).isEqualTo(content);
      }
    }
  }

  @Test
  default void aReaderGoesWhereItIsSent() throws Exception {
    byte[] content = bytes(LARGE, 6);
    put("o", content);
    SplittableRandom random = new SplittableRandom(6);
    try (ObjectReader reader = store().reader(uri("o"))) {
      for (int i = 0; i < 200; i++) {
        int at = random.nextInt(LARGE + 10);
        int length = 1 + random.nextInt(2 * PART);
        assertThat(reader.position(at).position()).isEqualTo(at);
        // Some reads go on from where the last one ended.
        for (int k = random.nextInt(4); k >= 0; k--) {
          ByteBuffer dst = ByteBuffer.allocate(length);
          int n = reader.read(dst);
          if (at >= LARGE) {
            assertThat(n).isEqualTo(-1);
            break;
          }
          assertThat(n).isBetween(1, length);
          assertThat(dst.position()).isEqualTo(n);
          assertThat(Arrays.copyOf(dst.array(), n))
              .isEqualTo(Arrays.copyOfRange(content, at, at + n));
          at += n;
        }
      }
      assertThat(reader.position(Long.MAX_VALUE).read(ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThatThrownBy(() -> reader.position(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> reader.write(ByteBuffer.allocate(1)))
          .isInstanceOf(NonWritableChannelException.class);
      assertThatThrownBy(() -> reader.truncate(0)).isInstanceOf(NonWritableChannelException.class);
    }
  }

  @Test
  default void aReaderIsPinned() throws Exception {
    put("o", bytes(LARGE, 7));
    try (ObjectReader reader = store().reader(uri("o"))) {
      assertThat(reader.read(ByteBuffer.allocate(10))).isEqualTo(10);
      put("o", bytes(LARGE, 8));
      reader.position(LARGE - 10);
      assertFails(Kind.PRECONDITION_FAILED, uri("o"), () -> reader.read(ByteBuffer.allocate(10)));
      assertThat(reader.position()).isEqualTo(LARGE - 10);
    }
    assertFails(Kind.NOT_FOUND, uri("none"), () -> store().reader(uri("none")));
  }

  @Test
  default void aClosedReaderIsOfNoMoreUse() throws Exception {
    put("o", bytes(LARGE, 9));
    ObjectReader reader = store().reader(uri("o"));
    reader.inputStream().readNBytes(3 * PART);
    reader.close();
    reader.close();
    assertThat(reader.isOpen()).isFalse();
    ObjectStoreException e =
        assertFails(Kind.INVALID, uri("o"), () -> reader.read(ByteBuffer.allocate(1)));
    assertThat(e).hasMessageContaining("closed");
    assertFails(Kind.INVALID, uri("o"), () -> reader.position(0));
    assertFails(Kind.INVALID, uri("o"), reader::size);
  }
}
