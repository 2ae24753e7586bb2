package io.s3dlio.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestEvent;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.StoreContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The primitives of a {@code file://} or {@code direct://} store in a directory, for tests to call.
 */
class FileFixture implements AutoCloseable {

  static final PutOptions PLAIN = PutOptions.DEFAULT;

  final Path root;
  final ObjectUri base;
  final StoreBackend store;
  final Queue<RequestEvent> events = new ConcurrentLinkedQueue<>();

  FileFixture(Path root) {
    this(root, false);
  }

  FileFixture(Path root, boolean fsync) {
    this("file", root, fsync);
  }

  FileFixture(String scheme, Path root, boolean fsync) {
    this(scheme, root, StoreConfig.defaults().with(FileStoreProvider.FSYNC, String.valueOf(fsync)));
  }

  FileFixture(String scheme, Path root, StoreConfig config) {
    this.root = root;
    this.base = ObjectUri.parse(scheme + "://" + root + "/");
    try {
      this.store = new FileStoreProvider().open(base, new StoreContext(config, events::add));
    } catch (ObjectStoreException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws ObjectStoreException {
    store.close();
  }

  /** A key below the directory, taken literally. */
  ObjectUri uri(String name) {
    return base.withKey(base.key() + name);
  }

  Path path(String name) {
    return root.resolve(name);
  }

  String put(String name, String content) {
    return put(name, content, PLAIN);
  }

  String put(String name, String content, PutOptions options) {
    return get(store.put(uri(name), payload(content), options)).etag().orElseThrow();
  }

  String read(String name) {
    return read(name, ByteRange.WHOLE);
  }

  String read(String name, ByteRange range) {
    Collected bytes = new Collected();
    get(store.read(uri(name), new ReadRequest(range, Optional.empty()), bytes));
    return new String(bytes.content.array(), StandardCharsets.UTF_8);
  }

  ObjectMeta head(String name) {
    return get(store.head(uri(name)));
  }

  /** The keys of a listing below the directory; prefixes end with the delimiter. */
  List<String> list(String prefix, ListOptions options) {
    return entries(uri(prefix), options).stream()
        .map(e -> e.uri().key().substring(base.key().length()))
        .toList();
  }

  List<String> list(String prefix) {
    return list(prefix, ListOptions.ALL);
  }

  List<ListEntry> entries(ObjectUri prefix, ListOptions options) {
    List<ListEntry> all = new ArrayList<>();
    try (ListCursor cursor = store.list(prefix, options)) {
      List<ListEntry> page = get(cursor.next());
      while (!page.isEmpty()) {
        all.addAll(page);
        page = get(cursor.next());
      }
    }
    return all;
  }

  /** All files there are, temporary ones too. */
  List<String> files() throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(p -> !Files.isDirectory(p))
          .map(p -> root.relativize(p).toString())
          .sorted()
          .toList();
    }
  }

  static Payload payload(String content) {
    return payload(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
  }

  static Payload payload(ByteBuffer... content) {
    long size = Stream.of(content).mapToLong(ByteBuffer::remaining).sum();
    return new Payload(
        Stream.of(content).map(ByteBuffer::asReadOnlyBuffer).toList(), size, Optional.empty());
  }

  /** What a request answers; its failure is thrown unchecked. */
  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new UncheckedIOException((IOException) e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** The failure of a request, which must be of a kind and say what to do. */
  static ObjectStoreException fails(
      CompletableFuture<?> future, ObjectStoreException.Kind kind, String... words) {
    assertThat(future).isCompletedExceptionally();
    try {
      future.getNow(null);
      throw new AssertionError("no failure");
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(ObjectStoreException.class);
      ObjectStoreException failure = (ObjectStoreException) e.getCause();
      for (String word : words) {
        assertThat(failure).hasMessageContaining(word);
      }
      assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
      return failure;
    }
  }

  /** Takes an answer into memory on the heap. */
  static final class Collected implements Receiver {
    ObjectMeta meta;
    long offset;
    ByteBuffer content;

    @Override
    public Landing begin(ObjectMeta answered, long from, long length) {
      meta = answered;
      offset = from;
      content = ByteBuffer.allocate((int) length);
      ByteSink sink = (at, src) -> content.duplicate().position((int) at).put(src);
      return new Landing(sink, length);
    }
  }
}
