package io.s3dlio.gcs.fault;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.fault.Exchange;
import io.s3dlio.testkit.fault.FaultProxy;
import io.s3dlio.testkit.fault.FaultRig;
import io.s3dlio.testkit.fault.GridOperation;
import io.s3dlio.testkit.fault.OpenFiles;
import io.s3dlio.testkit.fault.Schedule;
import io.s3dlio.testkit.fault.WireFault;
import io.s3dlio.testkit.server.FakeGcsServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** An emulator, a proxy in front of it, and stores on both sides of the proxy. */
final class GcsRig implements FaultRig<WireFault>, AutoCloseable {

  private static final Duration QUIET = Duration.ofSeconds(20);
  private static final int PART = 64 << 10;
  private static final String PARTS = ".s3dlio-parts/";

  private final ObjectUri bucket = ObjectUri.parse("gs://t-" + UUID.randomUUID() + "/");
  private final FaultProxy proxy;
  private final ObjectStore direct;
  private final long sockets;
  private boolean stalls;
  private int lost;

  GcsRig(FakeGcsServer server) throws Exception {
    proxy = FaultProxy.to(server.endpoint());
    StoreConfig past =
        StoreConfig.defaults()
            .with("gs.endpoint", server.endpoint().toString())
            .with("max-concurrency", "1")
            .with("multipart-threshold", "64MiB"); // it looks at objects in one request
    direct = ObjectStores.open(bucket.toString(), past);
    direct.createBucket(bucket);
    sockets = sockets();
  }

  @Override
  public List<WireFault> faults() {
    return List.of(WireFault.values());
  }

  @Override
  public boolean can(GridOperation operation) {
    return true;
  }

  @Override
  public ObjectStore direct() {
    return direct;
  }

  @Override
  public ObjectUri uri(String key) {
    return bucket.withKey(key);
  }

  @Override
  public int largeWrite() {
    return 5 * PART + 1234;
  }

  @Override
  public int largeRead() {
    return 10 * PART + 1234;
  }

  @Override
  public void prepare(WireFault fault) {
    stalls = fault.stalls();
  }

  @Override
  public ObjectStore open() throws ObjectStoreException {
    StoreConfig config =
        StoreConfig.defaults()
            .with("gs.endpoint", proxy.endpoint().toString())
            .with("gs.read-timeout", stalls ? "300ms" : "10s")
            .with("part-size", "64KiB")
            .with("multipart-threshold", "64KiB")
            .with("memory-limit", "64MiB")
            .with("retry.max-attempts", "3")
            .with("retry.base-delay", "2ms")
            .with("retry.max-delay", "10ms")
            .with("request-timeout", "20s");
    return ObjectStores.open(bucket.toString(), config);
  }

  @Override
  public int chances(WireFault fault) {
    return (int)
        proxy.exchanges().stream().filter(e -> e.fits(fault.on(GridOperation.HEAD))).count();
  }

  @Override
  public void arm(WireFault fault, GridOperation operation, int first, int times, long seed) {
    // A large read breaks its first answer off after a part: what is done to the rest is not heard.
    long within = operation.gets() ? PART : Long.MAX_VALUE;
    proxy.inject(
        fault.on(operation),
        Schedule.<Exchange>always().from(first).times(times).seeded(seed).within(within));
  }

  @Override
  public int fired() {
    return proxy.fired().size();
  }

  @Override
  public Expectation expect(WireFault fault, GridOperation operation) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    kinds.addAll(fault.kinds());
    boolean parts = operation.writesParts();
    boolean flipped = fault == WireFault.FLIP_IN_REQUEST;
    if (flipped) {
      kinds.add(Kind.INVALID); // what describes the object is no JSON any more
      kinds.add(Kind.UNAVAILABLE); // so says the emulator of it, and of parts that are not there
    }
    if (fault.lies() && !operation.gets()) {
      kinds.add(Kind.UNAVAILABLE); // the answer cannot be read
      kinds.add(Kind.CHECKSUM_MISMATCH); // or tells of another object
    }
    if (fault.lies() && operation.replaces()) {
      kinds.add(Kind.PRECONDITION_FAILED); // the generation that was looked at is not what it was
    }
    boolean unchecked =
        operation.getsRange() || operation == GridOperation.LIST || operation == GridOperation.HEAD;
    // The emulator composes whatever parts it understands; the service goes by their generations.
    return new Expectation(kinds, (fault.lies() && unchecked) || (flipped && parts));
  }

  @Override
  public List<String> leftovers() throws Exception {
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
    left.addAll(parts());
    return left;
  }

  private static long sockets() throws IOException {
    return OpenFiles.list().stream().filter(f -> f.startsWith("socket:")).count();
  }

  /** Parts that somebody could have deleted and did not. */
  private List<String> parts() throws ObjectStoreException {
    List<ObjectUri> there;
    try (Stream<ObjectMeta> all = direct.list(bucket.withKey(PARTS))) {
      there = all.map(ObjectMeta::uri).toList();
    }
    List<String> left = new ArrayList<>();
    for (ObjectUri part : there) {
      String name = part.key().replace("/", "%2F");
      List<Exchange> deletes =
          proxy.exchanges().stream()
              .filter(e -> e.method().equals("DELETE") && e.target().contains(name))
              .toList();
      if (!deletes.isEmpty() && deletes.stream().allMatch(e -> e.fired().isPresent())) {
        lost++;
      } else {
        left.add(part + "; requests: " + proxy.exchanges());
      }
      direct.delete(part);
    }
    return left;
  }

  @Override
  public int lost() {
    return lost;
  }

  @Override
  public void clear() {
    lost = 0;
    proxy.reset();
  }

  @Override
  public void close() throws ObjectStoreException {
    try (proxy;
        direct) {
      direct.deletePrefix(bucket);
      direct.deletePrefix(bucket.withKey(PARTS));
      direct.deleteBucket(bucket);
    }
  }
}
