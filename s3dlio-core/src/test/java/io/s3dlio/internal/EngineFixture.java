package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteSource;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.StoreBackend;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The engine over memory:// that does what no store can be asked to do: each test overrides what it
 * spoils.
 */
abstract class EngineFixture {

  static final int PART = 64 << 10;

  /** Of the memory of a test; 14 MiB and their padding leave too little for the object. */
  static final long LIMIT = (14 << 20) + (64 << 10);

  static final int LARGE = 5 * PART + 123;
  static final byte[] CONTENT = bytes(LARGE);

  final BufferPool pool = BufferPool.ofLimit(LIMIT);
  final ObjectUri bucket = new ObjectUri("memory", UUID.randomUUID().toString(), "");
  final ObjectUri uri = bucket.withKey("o");
  final List<ObjectStore> stores = new ArrayList<>();

  StoreBackend memory;

  /** All goes on to memory://, but what a test overrides. */
  class Memory extends ForwardingBackend {
    Memory() {
      super(memory);
    }
  }

  @BeforeEach
  void openMemory() throws Exception {
    memory = ObjectStores.backend(uri, StoreConfig.defaults(), RequestListener.NONE);
  }

  @AfterEach
  void closeStores() throws Exception {
    for (ObjectStore store : stores) {
      store.close();
    }
    assertThat(pool.used()).as("memory still taken: %s", pool).isZero();
    try (ObjectStore sweeper = ObjectStores.open("memory://", StoreConfig.defaults())) {
      sweeper.deletePrefix(bucket);
    }
  }

  /** A store over a backend, with small parts and with settings in pairs. */
  ObjectStore over(StoreBackend backend, String... settings) {
    StoreConfig config =
        StoreConfig.defaults()
            .with(StoreConfig.PART_SIZE, PART + "")
            .with(StoreConfig.MULTIPART_THRESHOLD, PART + "")
            .with(StoreConfig.MEMORY_TIMEOUT, "60s");
    for (int i = 0; i < settings.length; i += 2) {
      config = config.with(settings[i], settings[i + 1]);
    }
    ObjectStore store = ObjectStore.over(backend, Set.of("memory"), config, pool);
    stores.add(store);
    return store;
  }

  /** The object, as it is without any tampering. */
  void putContent() throws Exception {
    over(memory).put(uri, ByteBuffer.wrap(CONTENT));
  }

  byte[] content() throws Exception {
    try (BytesView view = over(memory).get(uri)) {
      return view.toByteArray();
    }
  }

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** A source that has to be read. */
  static ByteSource source(byte[] bytes) {
    return new ByteSource() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public void read(long offset, ByteBuffer dst) {
        dst.put(bytes, (int) offset, dst.remaining());
      }
    };
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  ObjectStoreException assertFails(Kind kind, ThrowingCallable call) {
    Throwable failure = null;
    try {
      call.call();
    } catch (ExecutionException e) {
      failure = e.getCause();
    } catch (Throwable e) {
      failure = e;
    }
    assertThat(failure).isInstanceOf(ObjectStoreException.class);
    ObjectStoreException e = (ObjectStoreException) failure;
    assertThat(e.kind()).as("%s", e).isEqualTo(kind);
    return e;
  }
}
