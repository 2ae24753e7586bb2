package io.s3dlio.testkit.fault;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that speaks HTTP, a {@link FaultProxy} in front of it, and stores on both sides of the
 * proxy. Used by one thread; whoever makes one closes it, and its bucket goes with it.
 */
public abstract class WireRig implements FaultRig<WireFault>, AutoCloseable {

  /** How large a part is, in bytes, if the server allows it. */
  protected static final int PART = 64 << 10;

  private static final Duration QUIET = Duration.ofSeconds(20);

  private final ObjectUri bucket;
  private final StoreConfig config;
  private final FaultProxy proxy;
  private final ObjectStore direct;
  private long sockets;
  private boolean stalls;
  private int lost;

  /**
   * Starts the proxy and creates a bucket.
   *
   * @param bucket a name that nobody else uses; its scheme is what the names of the store's
   *     settings begin with
   * @param server where the server is
   * @param settings what a store needs beside the endpoint
   * @throws ObjectStoreException if the bucket cannot be created
   */
  protected WireRig(ObjectUri bucket, URI server, StoreConfig settings)
      throws ObjectStoreException {
    this.bucket = bucket;
    this.proxy = FaultProxy.to(server);
    String endpoint = bucket.scheme() + ".endpoint";
    StoreConfig all =
        settings
            .with("part-size", String.valueOf(PART))
            .with("multipart-threshold", String.valueOf(PART));
    this.config = all.with(endpoint, proxy.endpoint().toString());
    StoreConfig past =
        all.with(endpoint, server.toString())
            .with("max-concurrency", "1")
            .with("multipart-threshold", "64MiB"); // it looks at objects in one request
    this.direct = ObjectStores.open(bucket, past, RequestListener.NONE);
    direct.createBucket(bucket);
    connected();
  }

  /** All connections that are to stay are open now: those that come later have to go again. */
  protected final void connected() {
    sockets = sockets();
  }

  /**
   * What stands between the stores and the server.
   *
   * @return the proxy, closed with this
   */
  public final FaultProxy proxy() {
    return proxy;
  }

  /**
   * Opens a store by way of the proxy.
   *
   * @param settings its own: names and values in turn
   * @return the store, which the caller closes
   * @throws ObjectStoreException what went wrong
   */
  public final ObjectStore open(String... settings) throws ObjectStoreException {
    StoreConfig own =
        config
            .with("memory-limit", "64MiB")
            .with("retry.max-attempts", "3")
            .with("retry.base-delay", "2ms")
            .with("retry.max-delay", "10ms")
            .with("request-timeout", "20s");
    for (int i = 0; i < settings.length; i += 2) {
      own = own.with(settings[i], settings[i + 1]);
    }
    return ObjectStores.open(bucket, own, RequestListener.NONE);
  }

  @Override
  public final ObjectStore open() throws ObjectStoreException {
    return open(bucket.scheme() + ".read-timeout", stalls ? "300ms" : "10s");
  }

  @Override
  public final List<WireFault> faults() {
    return List.of(WireFault.values());
  }

  @Override
  public final boolean can(GridOperation operation) {
    return true;
  }

  @Override
  public final ObjectStore direct() {
    return direct;
  }

  @Override
  public final ObjectUri uri(String key) {
    return bucket.withKey(key);
  }

  @Override
  public int largeWrite() {
    return 5 * PART + 1234;
  }

  @Override
  public final int largeRead() {
    return 10 * PART + 1234;
  }

  @Override
  public final int chances(WireFault fault) {
    return (int)
        proxy.exchanges().stream().filter(e -> e.fits(fault.on(GridOperation.HEAD))).count();
  }

  @Override
  public final void prepare(WireFault fault) {
    stalls = fault.stalls();
  }

  @Override
  public final void arm(WireFault fault, GridOperation operation, int first, int times, long seed) {
    // A large read breaks its first answer off after a part: what is done to the rest is not heard.
    long within = operation.gets() ? PART : Long.MAX_VALUE;
    proxy.inject(
        fault.on(operation),
        Schedule.<Exchange>always().from(first).times(times).seeded(seed).within(within));
  }

  @Override
  public final int fired() {
    return proxy.fired().size();
  }

  @Override
  public final List<String> leftovers() throws Exception {
    List<String> left = new ArrayList<>();
    int open = proxy.awaitOpen(0, QUIET);
    if (open > 0) {
      left.add(open + " connections");
      proxy.disconnect(); // the runs after this one have not left them
    }
    long end = System.nanoTime() + QUIET.toNanos();
    while (sockets() > sockets && System.nanoTime() < end) {
      LockSupport.parkNanos(10_000_000); // the other end of a connection goes a moment later
    }
    if (sockets() > sockets) {
      left.add("sockets: " + sockets() + ", not " + sockets + ": " + OpenFiles.list());
    }
    left.addAll(unfinished());
    return left;
  }

  private static long sockets() {
    try {
      return OpenFiles.list().stream().filter(f -> f.startsWith("socket:")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What of unfinished writes is still on the server, but should not be; {@linkplain #addLost
   * counts} and leaves out what nobody could have removed. Removes both.
   *
   * @return a line each; empty if all is well
   * @throws ObjectStoreException if it cannot be found out
   */
  protected abstract List<String> unfinished() throws ObjectStoreException;

  /** One more unfinished write that nobody could have removed. */
  protected final void addLost() {
    lost++;
  }

  @Override
  public final int lost() {
    return lost;
  }

  @Override
  public final void clear() {
    lost = 0;
    proxy.reset();
  }

  @Override
  public void close() throws ObjectStoreException {
    try (proxy;
        direct) {
      direct.deletePrefix(bucket);
      direct.deleteBucket(bucket);
    }
  }
}
