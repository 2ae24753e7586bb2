package io.s3dlio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteSourcesTest {

  private final byte[] content = new byte[10_000];

  @TempDir Path dir;

  @BeforeEach
  void fill() {
    new Random(1).nextBytes(content);
  }

  /** Reads everywhere, in place and not. */
  private static void assertHas(ByteSource source, byte[] expected) throws IOException {
    int size = expected.length;
    assertThat(source.size()).isEqualTo(size);
    for (int offset : new int[] {0, 1, size / 2, size - 1, size}) {
      for (int length : new int[] {0, 1, size / 3, size - offset}) {
        if (length > size - offset) {
          continue;
        }
        byte[] wanted = Arrays.copyOfRange(expected, offset, offset + length);
        ByteBuffer dst = ByteBuffer.allocate(length + 4).position(2).limit(2 + length);
        source.read(offset, dst);
        assertThat(dst.hasRemaining()).isFalse();
        assertThat(Arrays.copyOfRange(dst.array(), 2, 2 + length)).isEqualTo(wanted);
        ByteBuffer view = source.view(offset, length);
        if (view != null) {
          assertThat(view.isReadOnly()).isTrue();
          assertThat(view.position()).isZero();
          assertThat(view).isEqualTo(ByteBuffer.wrap(wanted));
        }
      }
    }
    assertThatThrownBy(() -> source.read(size, ByteBuffer.allocate(1)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> source.read(-1, ByteBuffer.allocate(1)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void buffers() throws Exception {
    ByteBuffer direct = ByteBuffer.allocateDirect(content.length).put(content).flip();
    assertHas(ByteSources.of(direct), content);
    ByteBuffer window = ByteBuffer.wrap(content).position(100).limit(200);
    ByteSource source = ByteSources.of(window);
    window.clear();
    assertHas(source, Arrays.copyOfRange(content, 100, 200));
    assertThat(source.view(0, 100)).isNotNull();
    assertThatThrownBy(() -> source.view(0, 101)).isInstanceOf(IndexOutOfBoundsException.class);
    assertHas(ByteSources.slice(source, 10, 50), Arrays.copyOfRange(content, 110, 160));
    assertThatThrownBy(() -> ByteSources.slice(source, 51, 50))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> ByteSources.slice(source, 10, 50).view(1, 50))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void several_as_one() throws Exception {
    ByteSource source =
        ByteSources.concat(
            List.of(part(0, 0), part(0, 100), part(100, 100), part(100, 5000), part(5000, 10_000)));
    assertHas(source, content);
    assertThat(source.view(100, 4900)).isEqualTo(ByteBuffer.wrap(content, 100, 4900));
    assertThat(source.view(99, 2)).isNull();
    assertThat(source.view(10_000, 0)).isNull();
    assertThat(ByteSources.concat(List.of()).size()).isZero();
    assertThatThrownBy(() -> ByteSources.concat(List.of(new Huge(), new Huge())))
        .isInstanceOf(IllegalArgumentException.class);
    ByteBuffer dst = ByteBuffer.allocate(8);
    assertThatThrownBy(() -> ByteSources.concat(List.of(new Huge(), part(0, 5))).read(0, dst))
        .isInstanceOf(IOException.class);
    assertThat(dst.limit()).isEqualTo(8);
  }

  private ByteSource part(int from, int to) {
    return ByteSources.of(ByteBuffer.wrap(content, from, to - from));
  }

  private record Huge() implements ByteSource {
    @Override
    public long size() {
      return Long.MAX_VALUE - 5;
    }

    @Override
    public void read(long offset, ByteBuffer dst) throws IOException {
      throw new IOException("nobody has so many");
    }
  }

  @Test
  void views() throws Exception {
    BufferPool pool = BufferPool.ofLimit(64 << 10);
    Lease lease = pool.acquire(content.length, "test", Duration.ofSeconds(1));
    lease.sink().write(0, ByteBuffer.wrap(content));
    try (BytesView view = lease.freeze()) {
      assertHas(ByteSources.of(view), content);
    }
    assertThat(pool.used()).isZero();
  }

  @Test
  void files() throws Exception {
    Path file = Files.write(dir.resolve("f"), content);
    ByteSources.FileSource source = ByteSources.file(file);
    try (source) {
      assertHas(source, content);
      assertThat(source.view(0, 1)).isNull();
      try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
        channel.truncate(10);
      }
      assertThatThrownBy(() -> source.read(5, ByteBuffer.allocate(10)))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("became shorter");
    }
    assertThatThrownBy(() -> source.read(0, ByteBuffer.allocate(1)))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ByteSources.file(dir.resolve("missing")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void bufferSinks() throws Exception {
    byte[] memory = new byte[20];
    ByteBuffer window = ByteBuffer.wrap(memory).position(5).limit(15);
    ByteSink sink = ByteSinks.of(window);
    ByteBuffer src = ByteBuffer.wrap(content, 0, 3);
    sink.write(7, src);
    assertThat(src.hasRemaining()).isFalse();
    sink.target(0, 2).put(content, 10, 2);
    sink.filled(0, 2);
    assertThat(window.position()).isEqualTo(5);
    byte[] expected = new byte[20];
    System.arraycopy(content, 0, expected, 12, 3);
    System.arraycopy(content, 10, expected, 5, 2);
    assertThat(memory).isEqualTo(expected);
    assertThatThrownBy(() -> sink.write(8, ByteBuffer.allocate(3)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("10 bytes has no room for 3 bytes at 8");
    assertThatThrownBy(() -> sink.write(Long.MAX_VALUE, ByteBuffer.allocate(3)))
        .isInstanceOf(IOException.class);
    assertThat(sink.target(8, 3)).isNull();
    assertThatThrownBy(() -> ByteSinks.of(window.asReadOnlyBuffer()))
        .isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void fileSinksAndNowhere() throws Exception {
    Path file = dir.resolve("sink");
    try (ByteSinks.FileSink sink =
        ByteSinks.file(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      sink.write(5000, ByteBuffer.wrap(content, 5000, 5000));
      sink.write(0, ByteBuffer.wrap(content, 0, 5000));
      sink.force();
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    ByteBuffer src = ByteBuffer.allocate(5);
    ByteSinks.nowhere().write(Long.MAX_VALUE - 5, src);
    assertThat(src.hasRemaining()).isFalse();
  }
}
