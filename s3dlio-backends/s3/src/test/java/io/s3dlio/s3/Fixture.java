package io.s3dlio.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestEvent;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreContext;
import io.s3dlio.testkit.server.S3Server;
import io.s3dlio.testkit.server.TestServers;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.CRC32C;

/** A backend that is open, a bucket in it, and what the listener heard. */
final class Fixture implements AutoCloseable {

  /** The real servers. */
  enum Server {
    MINIO,
    S3PROXY;

    S3Server get() {
      return switch (this) {
        case MINIO -> TestServers.minio();
        case S3PROXY -> TestServers.s3proxy();
      };
    }
  }

  /** The transport that this run of the tests is for. */
  static final String TRANSPORT = System.getProperty("s3dlio.test.transport", "netty");

  final S3Backend backend;
  final ObjectUri bucket;
  final List<RequestEvent> events = new CopyOnWriteArrayList<>();

  private Fixture(StoreConfig config, ObjectUri bucket) throws ObjectStoreException {
    this(config, bucket, Map.of());
  }

  private Fixture(StoreConfig config, ObjectUri bucket, Map<String, String> environment)
      throws ObjectStoreException {
    this.bucket = bucket;
    this.backend =
        (S3Backend) S3Provider.open(bucket, new StoreContext(config, events::add), environment);
  }

  /** On a real server, in a new bucket. */
  static Fixture on(Server server, String... settings) throws ObjectStoreException {
    return on(server.get(), server.get().endpoint(), settings);
  }

  /** On a real server that is spoken to by way of another endpoint. */
  static Fixture on(S3Server server, URI endpoint, String... settings) throws ObjectStoreException {
    Fixture fixture =
        new Fixture(
            with(config(server, endpoint), settings),
            ObjectUri.parse("s3://t-" + UUID.randomUUID() + "/"));
    get(fixture.backend.createBucket(fixture.bucket));
    fixture.events.clear();
    return fixture;
  }

  /**
   * On a server that answers what a script says; one try a request unless the settings say more.
   */
  static Fixture on(WireServer server, String... settings) throws ObjectStoreException {
    return new Fixture(with(config(server), settings), ObjectUri.parse("s3://bucket/"));
  }

  static StoreConfig config(WireServer server) {
    return defaults()
        .with(S3Keys.ENDPOINT, server.endpoint().toString())
        .with(S3Keys.ACCESS_KEY, "key")
        .with(S3Keys.SECRET_KEY, "hush-hush")
        .with(StoreConfig.RETRY_MAX_ATTEMPTS, "1")
        .with(StoreConfig.RETRY_BASE_DELAY, "1ms");
  }

  /** With settings and an environment. */
  static Fixture in(Map<String, String> environment, StoreConfig config)
      throws ObjectStoreException {
    return new Fixture(config, ObjectUri.parse("s3://bucket/"), environment);
  }

  /** With settings alone; there need be no bucket. */
  static Fixture open(StoreConfig config) throws ObjectStoreException {
    return new Fixture(config, ObjectUri.parse("s3://bucket/"));
  }

  static StoreConfig defaults() {
    return StoreConfig.defaults().with(S3Keys.TRANSPORT, TRANSPORT);
  }

  static StoreConfig config(S3Server server, URI endpoint) {
    return defaults()
        .with(S3Keys.ENDPOINT, endpoint.toString())
        .with(S3Keys.REGION, server.region())
        .with(S3Keys.ACCESS_KEY, server.accessKey())
        .with(S3Keys.SECRET_KEY, server.secretKey());
  }

  static StoreConfig with(StoreConfig config, String... settings) {
    StoreConfig all = config;
    for (int i = 0; i < settings.length; i += 2) {
      all = all.with(settings[i], settings[i + 1]);
    }
    return all;
  }

  ObjectUri uri(String key) {
    return bucket.withKey(key);
  }

  static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static Payload payload(byte[] bytes) {
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length);
    direct.put(bytes).flip();
    return new Payload(
        List.of(direct.asReadOnlyBuffer()), bytes.length, Optional.of(crc32c(bytes)));
  }

  static int crc32c(byte[]... parts) {
    CRC32C crc = new CRC32C();
    for (byte[] part : parts) {
      crc.update(part);
    }
    return (int) crc.getValue();
  }

  /** What a read brought. */
  record Read(ObjectMeta meta, long offset, byte[] bytes) {}

  Read read(ObjectUri uri, ByteRange range) throws ObjectStoreException {
    Taking taking = new Taking(Long.MAX_VALUE);
    get(backend.read(uri, new ReadRequest(range, Optional.empty()), taking));
    return taking.read();
  }

  /** Takes bytes of an answer, up to a number of them. */
  static final class Taking implements Receiver, ByteSink {
    private final long most;
    int begins;
    private ObjectMeta meta;
    private long offset;
    private ByteBuffer bytes;

    Taking(long most) {
      this.most = most;
    }

    @Override
    public Landing begin(ObjectMeta answered, long from, long length) {
      begins++;
      meta = answered;
      offset = from;
      bytes = ByteBuffer.allocate(Math.toIntExact(Math.min(most, length)));
      return new Landing(this, bytes.capacity());
    }

    @Override
    public void write(long at, ByteBuffer src) {
      assertThat(at).isEqualTo(bytes.position());
      bytes.put(src);
    }

    Read read() {
      assertThat(bytes.hasRemaining()).isFalse();
      return new Read(meta, offset, bytes.array());
    }
  }

  List<ListEntry> list(String prefix, ListOptions options) throws ObjectStoreException {
    List<ListEntry> all = new ArrayList<>();
    try (ListCursor cursor = backend.list(uri(prefix), options)) {
      for (List<ListEntry> page = get(cursor.next()); !page.isEmpty(); page = get(cursor.next())) {
        all.addAll(page);
      }
    }
    return all;
  }

  List<String> keys(String prefix) throws ObjectStoreException {
    return list(prefix, ListOptions.ALL).stream().map(entry -> entry.uri().key()).toList();
  }

  /** The answer; a failure as the engine gets it, with nothing around it. */
  static <T> T get(CompletableFuture<T> future) throws ObjectStoreException {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(ObjectStoreException.class);
      throw (ObjectStoreException) e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no answer within a minute", e);
    }
  }

  static ObjectStoreException failure(CompletableFuture<?> future) {
    Object answer;
    try {
      answer = get(future);
    } catch (ObjectStoreException e) {
      return e;
    }
    throw new AssertionError("no failure, but " + answer);
  }

  @Override
  public void close() throws ObjectStoreException {
    backend.close();
  }
}
