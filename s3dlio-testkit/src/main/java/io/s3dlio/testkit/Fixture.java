package io.s3dlio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.s3dlio.ByteSource;
import io.s3dlio.BytesView;
import io.s3dlio.Capabilities;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What every theme of the contract works with. */
interface Fixture {

  /** Part size of the stores under test: the least that the engine takes. */
  int PART = 64 << 10;

  /** Larger objects are read and written in parts. */
  int THRESHOLD = 160 << 10;

  /** An object of several parts, the last of them short. */
  int LARGE = 5 * PART + 123;

  /** More than a page of a listing, more than one request of a bulk delete. */
  int MANY = 1100;

  /** No wait of the contract is longer. */
  long LIMIT_SECONDS = 120;

  /** The store under test, with a memory pool of its own. */
  ObjectStore store();

  /** What is known of it. */
  StoreFacts facts();

  /** The prefix that this test has for itself; its key ends with a slash or is empty. */
  ObjectUri here();

  /** A bucket that keeps versions, of a store that declares them. */
  ObjectUri versioned() throws Exception;

  /** A bucket that is not there. */
  ObjectUri newBucket();

  /** Where {@link #newBucket} will be listed. */
  ObjectUri buckets();

  /** What uploads have left in the store until now. */
  List<String> leftNow() throws Exception;

  /** A second store over the same objects, closed after the test. */
  ObjectStore another(UnaryOperator<StoreConfig> change, RequestListener listener)
      throws ObjectStoreException;

  default Capabilities can() {
    return store().capabilities();
  }

  /** Size of the parts of an upload. */
  default int uploadPart() {
    return Math.toIntExact(Math.max(PART, can().minPartSize()));
  }

  /** Size of an object that is uploaded in three parts or more. */
  default int severalParts() {
    return Math.max(LARGE, 2 * uploadPart() + 77);
  }

  default ObjectUri uri(String name) {
    return here().withKey(here().key() + name);
  }

  default PutResult put(String name, byte[] bytes) throws ObjectStoreException {
    return store().put(uri(name), ByteBuffer.wrap(bytes));
  }

  default PutResult put(String name, byte[] bytes, PutOptions options) throws ObjectStoreException {
    return store().put(uri(name), source(bytes), options);
  }

  default byte[] get(String name) throws ObjectStoreException {
    try (BytesView bytes = store().get(uri(name))) {
      return bytes.toByteArray();
    }
  }

  /** Makes small objects, several at a time. */
  default void putAll(List<String> names) throws Exception {
    List<CompletableFuture<PutResult>> puts = new ArrayList<>();
    for (String name : names) {
      puts.add(store().async().put(uri(name), source(new byte[] {1}), PutOptions.DEFAULT));
    }
    for (CompletableFuture<PutResult> put : puts) {
      await(put);
    }
  }

  default List<String> list(String prefix) {
    return list(prefix, ListOptions.ALL);
  }

  /** The keys and common prefixes of a listing, without what comes before this test's own. */
  default List<String> list(String prefix, ListOptions options) {
    try (Stream<ListEntry> entries = store().list(uri(prefix), options)) {
      return entries
          .map(ListEntry::uri)
          .peek(uri -> assertThat(uri).isEqualTo(here().withKey(uri.key())))
          .map(uri -> uri.key().substring(here().key().length()))
          .toList();
    }
  }

  /** Bytes that look like no others. */
  static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  /** A source that has to be read, as a file or a generator has. */
  static ByteSource source(byte[] bytes) {
    return new ByteSource() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public void read(long offset, ByteBuffer dst) {
        dst.put(bytes, Math.toIntExact(offset), dst.remaining());
      }
    };
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Asserts an error with all that an error has to have. */
  static ObjectStoreException assertFails(Kind kind, ObjectUri uri, ThrowingCallable call) {
    ObjectStoreException e = failure(call);
    assertThat(e.kind()).as("kind of: %s", e).isEqualTo(kind);
    assertThat(e).isExactlyInstanceOf(ObjectStoreException.of(kind, "", null, "", null).getClass());
    assertThat(e.operation()).as("operation of: %s", e).matches("[a-z][A-Za-z]*");
    assertThat(e.uri()).as("URI of: %s", e).contains(uri);
    assertThat(e).hasMessageStartingWith(e.operation() + " " + uri + ": ");
    return e;
  }

  /** The error that a call, a stream or a future ends with. */
  static ObjectStoreException failure(ThrowingCallable call) {
    Throwable failure = null;
    try {
      call.call();
    } catch (Throwable e) {
      failure =
          e instanceof java.io.UncheckedIOException || e instanceof ExecutionException
              ? e.getCause()
              : e;
    }
    if (failure == null) {
      return fail("there was no error");
    }
    if (failure instanceof ObjectStoreException e) {
      return e;
    }
    throw new AssertionError("not an ObjectStoreException: " + failure, failure);
  }
}
