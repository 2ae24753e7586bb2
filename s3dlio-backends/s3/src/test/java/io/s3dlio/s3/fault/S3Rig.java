package io.s3dlio.s3.fault;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.fault.Exchange;
import io.s3dlio.testkit.fault.Fault;
import io.s3dlio.testkit.fault.FaultProxy;
import io.s3dlio.testkit.fault.FaultRig;
import io.s3dlio.testkit.fault.GridOperation;
import io.s3dlio.testkit.fault.OpenFiles;
import io.s3dlio.testkit.fault.S3Action;
import io.s3dlio.testkit.fault.Schedule;
import io.s3dlio.testkit.fault.WireFault;
import io.s3dlio.testkit.server.S3Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** A real server, a proxy in front of it, and stores on both sides of the proxy. */
final class S3Rig implements FaultRig<WireFault>, AutoCloseable {

  private static final Duration QUIET = Duration.ofSeconds(20);
  private static final int READ_PART = 64 << 10;

  private final StoreConfig config;
  private final ObjectUri bucket = ObjectUri.parse("s3://t-" + UUID.randomUUID() + "/");
  private final FaultProxy proxy;
  private final ObjectStore direct;
  private final RawS3 raw;
  private final long sockets;
  private boolean stalls;
  private int lost;

  S3Rig(S3Server server, String... settings) throws Exception {
    StoreConfig all =
        StoreConfig.defaults()
            .with("s3.region", server.region())
            .with("s3.access-key", server.accessKey())
            .with("s3.secret-key", server.secretKey())
            .with("part-size", "64KiB")
            .with("multipart-threshold", "64KiB");
    for (int i = 0; i < settings.length; i += 2) {
      all = all.with(settings[i], settings[i + 1]);
    }
    proxy = FaultProxy.to(server.endpoint());
    config = all.with("s3.endpoint", proxy.endpoint().toString());
    StoreConfig past =
        all.with("s3.endpoint", server.endpoint().toString())
            .with("max-concurrency", "1")
            .with("multipart-threshold", "64MiB"); // it looks at objects in one request
    direct = ObjectStores.open(bucket, past, RequestListener.NONE);
    direct.createBucket(bucket);
    raw = new RawS3(server, bucket.bucket());
    raw.uploads(""); // which connects
    sockets = sockets();
  }

  FaultProxy proxy() {
    return proxy;
  }

  RawS3 raw() {
    return raw;
  }

  /** A store by way of the proxy, with settings of its own. */
  ObjectStore open(String... settings) throws ObjectStoreException {
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
    return (5 << 20) + 70_000;
  }

  @Override
  public int largeRead() {
    return 10 * READ_PART + 1234;
  }

  @Override
  public ObjectStore open() throws ObjectStoreException {
    return open("s3.read-timeout", stalls ? "300ms" : "10s");
  }

  @Override
  public int chances(WireFault fault) {
    return (int)
        proxy.exchanges().stream().filter(e -> e.fits(fault.on(GridOperation.HEAD))).count();
  }

  @Override
  public void prepare(WireFault fault) {
    stalls = fault.stalls();
  }

  @Override
  public void arm(WireFault fault, GridOperation operation, int first, int times, long seed) {
    // A large read breaks its first answer off after a part: what is done to the rest is not heard.
    long within = operation.gets() ? READ_PART : Long.MAX_VALUE;
    Fault what = fault.on(operation);
    proxy.inject(
        what, Schedule.<Exchange>always().from(first).times(times).seeded(seed).within(within));
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
    boolean xml = !operation.gets();
    if (fault == WireFault.FLIP_IN_REQUEST && (parts || operation == GridOperation.DELETE_ALL)) {
      kinds.add(Kind.INVALID); // the list of parts, or of keys, is not well-formed any more
      kinds.add(Kind.UNAVAILABLE); // or the answer is about another key
    }
    if (fault.lies() && xml) {
      kinds.add(Kind.UNAVAILABLE); // the answer cannot be read
    }
    if (fault.lies() && parts) {
      kinds.add(Kind.NOT_FOUND); // the name of the upload is not what it was
    }
    boolean unchecked = operation.getsRange() || operation == GridOperation.LIST;
    return new Expectation(kinds, fault.lies() && unchecked);
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
    left.addAll(unfinished());
    return left;
  }

  private static long sockets() throws IOException {
    return OpenFiles.list().stream().filter(f -> f.startsWith("socket:")).count();
  }

  /** Uploads that somebody could have aborted and did not. */
  private List<String> unfinished() {
    List<String> left = new ArrayList<>();
    List<Exchange> begun = proxy.exchanges(S3Action.CREATE_MULTIPART_UPLOAD);
    if (begun.isEmpty()) {
      return left;
    }
    String path = begun.get(0).target().split("\\?", 2)[0];
    String key = path.substring(path.indexOf('/', 1) + 1);
    long unheard = begun.stream().filter(e -> e.status() == 200 && e.fired().isPresent()).count();
    for (MultipartUpload upload : raw.uploads(key)) {
      List<Exchange> aborts =
          proxy.exchanges(S3Action.ABORT_MULTIPART_UPLOAD).stream()
              .filter(e -> e.target().contains(upload.uploadId()))
              .toList();
      boolean known =
          proxy.exchanges().stream().anyMatch(e -> e.target().contains(upload.uploadId()));
      boolean hopeless = !aborts.isEmpty() && aborts.stream().allMatch(e -> e.fired().isPresent());
      if (known ? hopeless : unheard-- > 0) {
        lost++;
      } else {
        left.add("upload of " + upload.key() + "; requests: " + proxy.exchanges());
      }
      raw.abort(upload);
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
        raw;
        direct) {
      raw.uploads("").forEach(raw::abort);
      direct.deletePrefix(bucket);
      direct.deleteBucket(bucket);
    }
  }
}
