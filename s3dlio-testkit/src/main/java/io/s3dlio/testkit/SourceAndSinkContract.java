package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.bytes;
import static io.s3dlio.testkit.Fixture.failure;
import static io.s3dlio.testkit.Fixture.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.ByteSinks;
import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.ObjectSource;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PreconditionFailedException;
import io.s3dlio.PutOptions;
import io.s3dlio.ReadResult;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where bytes come from and where they land. */
interface SourceAndSinkContract extends Fixture {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PART, THRESHOLD, THRESHOLD + 1, LARGE})
  default void putTakesBuffersAndLeavesTheirPositions(int size) throws Exception {
    byte[] content = bytes(size, size);
    for (ByteBuffer memory :
        List.of(ByteBuffer.allocate(size + 30), ByteBuffer.allocateDirect(size + 30))) {
      ByteBuffer window = memory.position(10).put(content).flip().position(10);
      for (ByteBuffer given : List.of(window, window.slice(), window.asReadOnlyBuffer())) {
        int position = given.position();
        int limit = given.limit();
        store().put(uri("o"), given);
        assertThat(given.position()).isEqualTo(position);
        assertThat(given.limit()).isEqualTo(limit);
        assertThat(get("o")).isEqualTo(content);
        store().delete(uri("o"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, THRESHOLD, THRESHOLD + 1, LARGE})
  default void putTakesFilesAndSourcesWithoutMemory(int size, @TempDir Path dir) throws Exception {
    byte[] content = bytes(size, size);
    Path file = Files.write(dir.resolve("source"), content);
    try (ByteSources.FileSource opened = ByteSources.file(file)) {
      store().put(uri("of file"), opened, PutOptions.DEFAULT);
    }
    assertThat(get("of file")).isEqualTo(content);
    store().put(uri("of computed"), source(content), PutOptions.DEFAULT);
    assertThat(get("of computed")).isEqualTo(content);
  }

  @Test
  default void uploadsOfSeveralPartsComeTogether() throws Exception {
    byte[] content = bytes(severalParts(), 1);
    store().put(uri("read"), source(content), PutOptions.DEFAULT);
    assertThat(get("read")).isEqualTo(content);
    ByteBuffer direct = ByteBuffer.allocateDirect(content.length).put(content).flip();
    store().put(uri("in place"), direct);
    assertThat(get("in place")).isEqualTo(content);
  }

  @Test
  default void getLandsInAnySink(@TempDir Path dir) throws Exception {
    byte[] content = bytes(LARGE, 2);
    put("o", content);
    // Less memory than the object: what lands in a sink does not pass through the pool.
    ObjectStore poor = another(c -> c.with(StoreConfig.MEMORY_LIMIT, "8KiB"), RequestListener.NONE);
    Path file = dir.resolve("sink");
    try (ByteSinks.FileSink sink =
        ByteSinks.file(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ReadResult read = poor.get(uri("o"), sink, GetOptions.DEFAULT);
      assertThat(read.length()).isEqualTo(LARGE);
      assertThat(read.offset()).isZero();
      assertThat(read.meta().size()).isEqualTo(LARGE);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(content);

    ByteBuffer memory = ByteBuffer.allocate(LARGE);
    GetOptions part = GetOptions.DEFAULT.withRange(ByteRange.from(100));
    ReadResult read = poor.get(uri("o"), ByteSinks.of(memory), part);
    assertThat(read.length()).isEqualTo(LARGE - 100);
    assertThat(read.offset()).isEqualTo(100);
    assertThat(Arrays.copyOf(memory.array(), LARGE - 100))
        .isEqualTo(Arrays.copyOfRange(content, 100, LARGE));

    assertThat(poor.get(uri("o"), ByteSinks.nowhere(), GetOptions.DEFAULT).length())
        .isEqualTo(LARGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, LARGE})
  default void aSinkThatRefusesEndsTheRead(int size) throws Exception {
    put("o", bytes(size, 3));
    IOException full = new IOException("the sink is full");
    Queue<Long> asked = new ConcurrentLinkedQueue<>();
    ByteSink refusing =
        (offset, src) -> {
          asked.add(offset);
          throw full;
        };
    assertRefused(refusing, full);
    assertThat(asked).as("a refusal is not retried").isNotEmpty().doesNotHaveDuplicates();

    RuntimeException broken = new IllegalStateException("the sink is broken");
    assertRefused(
        (offset, src) -> {
          throw broken;
        },
        broken);
    assertThat(get("o")).isEqualTo(bytes(size, 3));
  }

  private void assertRefused(ByteSink sink, Exception why) {
    ObjectStoreException e =
        assertFails(Kind.UNKNOWN, uri("o"), () -> store().get(uri("o"), sink, GetOptions.DEFAULT));
    assertThat(e).hasStackTraceContaining(why.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {10, LARGE})
  default void aBufferThatIsTooSmallIsAnError(int size) throws Exception {
    put("o", bytes(size, 4));
    ByteSink small = ByteSinks.of(ByteBuffer.allocate(size - 1));
    assertFails(Kind.UNKNOWN, uri("o"), () -> store().get(uri("o"), small, GetOptions.DEFAULT));
    ByteBuffer readOnly = ByteBuffer.allocate(size).asReadOnlyBuffer();
    assertThatThrownBy(() -> store().readInto(uri("o"), 0, readOnly))
        .isInstanceOf(ReadOnlyBufferException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, LARGE})
  default void aSourceThatFailsLeavesWhatWas(int size) throws Exception {
    byte[] old = bytes(50, 5);
    put("o", old);
    IOException gone = new IOException("the disk is gone");
    for (String name : List.of("o", "new")) {
      ObjectStoreException e =
          assertFails(
              Kind.UNKNOWN,
              uri(name),
              () -> store().put(uri(name), failing(size, gone), PutOptions.DEFAULT));
      assertThat(e).hasStackTraceContaining(gone.toString());
    }
    assertThat(get("o")).isEqualTo(old);
    assertThat(list("")).containsExactly("o");
  }

  /** Its last byte cannot be read. */
  private static ByteSource failing(int size, IOException why) {
    return new ByteSource() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public void read(long offset, ByteBuffer dst) throws IOException {
        if (offset + dst.remaining() == size) {
          throw why;
        }
        dst.position(dst.limit());
      }
    };
  }

  @Test
  default void anObjectIsASource() throws Exception {
    byte[] content = bytes(LARGE, 6);
    put("o", content, PutOptions.DEFAULT);
    ObjectSource source = store().source(uri("o"));
    assertThat(source.size()).isEqualTo(LARGE);
    assertThat(source.meta().uri()).isEqualTo(uri("o"));
    for (int offset : new int[] {0, 1, PART, LARGE - 1, LARGE}) {
      ByteBuffer dst = ByteBuffer.allocateDirect(Math.min(THRESHOLD + 1, LARGE - offset));
      source.read(offset, dst);
      assertThat(dst.hasRemaining()).isFalse();
      byte[] read = new byte[dst.capacity()];
      dst.flip().get(read);
      assertThat(read).isEqualTo(Arrays.copyOfRange(content, offset, offset + read.length));
    }
    assertThatThrownBy(() -> source.read(LARGE, ByteBuffer.allocate(1)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    store().put(uri("copy"), source, PutOptions.DEFAULT);
    assertThat(get("copy")).isEqualTo(content);
    store().put(uri("part"), ByteSources.slice(source, 100, PART), PutOptions.DEFAULT);
    assertThat(get("part")).isEqualTo(Arrays.copyOfRange(content, 100, 100 + PART));
  }

  @Test
  default void anObjectAsASourceIsPinned() throws Exception {
    put("o", bytes(LARGE, 7));
    ObjectSource source = store().source(uri("o"));
    put("o", bytes(LARGE, 8));
    assertThatThrownBy(() -> source.read(0, ByteBuffer.allocate(10)))
        .isInstanceOf(PreconditionFailedException.class);
    ObjectStoreException e = failure(() -> store().put(uri("copy"), source, PutOptions.DEFAULT));
    assertThat(e.kind()).isEqualTo(Kind.PRECONDITION_FAILED);
    assertThat(store().exists(uri("copy"))).isFalse();
  }

  @Test
  default void aViewIsASource() throws Exception {
    byte[] content = bytes(LARGE, 9);
    put("o", content);
    try (BytesView view = store().get(uri("o"));
        BytesView part = view.slice(1, LARGE - 2)) {
      store().put(uri("copy"), ByteSources.of(part), PutOptions.DEFAULT);
    }
    assertThat(get("copy")).isEqualTo(Arrays.copyOfRange(content, 1, LARGE - 1));
  }
}
