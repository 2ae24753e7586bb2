package io.s3dlio.testkit.fault;

import io.s3dlio.BucketInfo;
import io.s3dlio.ByteSink;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.UnfinishedWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A backend over any other one that fails, delays, hangs, cancels, shortens and corrupts by
 * schedule, and keeps a record of every call. Thread-safe.
 *
 * <p>{@link io.s3dlio.ObjectStore#over} makes a store of it.
 */
public final class FaultyBackend extends ForwardingBackend {

  private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<BackendCall> calls = new ArrayList<>();
  private volatile Consumer<BackendCall> onFault = call -> {};

  private record Rule(BackendFault fault, Schedule.Counter<BackendCall> schedule) {}

  private record Strike(BackendFault fault, Schedule.Choice choice) {}

  /**
   * Wraps a backend, which it does no harm yet.
   *
   * @param delegate does the work; closed with this one
   */
  public FaultyBackend(StoreBackend delegate) {
    super(delegate);
  }

  /**
   * Orders a fault. Of several that would hit one call, the first ordered does.
   *
   * @param fault what to do
   * @param schedule to which calls; of those that match, only the ones that the fault {@linkplain
   *     BackendCall#fits fits} are counted
   */
  public void inject(BackendFault fault, Schedule<BackendCall> schedule) {
    Schedule<BackendCall> fitting =
        schedule.matching(call -> call.fits(fault) && schedule.matching().test(call));
    rules.add(new Rule(fault, new Schedule.Counter<>(fitting)));
  }

  /**
   * Tells when a fault strikes.
   *
   * @param listener hears of it, on the thread of the call, before the call goes on
   */
  public void onFault(Consumer<BackendCall> listener) {
    onFault = listener;
  }

  /** Does no harm any more, and forgets all calls. */
  public void reset() {
    rules.clear();
    synchronized (calls) {
      calls.clear();
    }
  }

  /**
   * All calls since the start or the last {@link #reset}.
   *
   * @return a copy, in the order in which they came
   */
  public List<BackendCall> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /**
   * The calls that a fault has struck.
   *
   * @return a copy, in the order in which they came
   */
  public List<BackendCall> fired() {
    return calls().stream().filter(call -> call.fault().isPresent()).toList();
  }

  private Strike arrived(String method, ObjectUri uri) {
    BackendCall call = new BackendCall(method, uri, Optional.empty());
    Strike strike = null;
    for (Rule rule : rules) {
      Schedule.Choice choice = strike == null ? rule.schedule.next(call) : null;
      if (choice != null) {
        strike = new Strike(rule.fault, choice);
        call = new BackendCall(method, uri, Optional.of(rule.fault));
      }
    }
    synchronized (calls) {
      calls.add(call);
    }
    if (strike != null) {
      onFault.accept(call);
    }
    return strike;
  }

  private <T> CompletableFuture<T> call(
      String method, ObjectUri uri, Function<Strike, CompletableFuture<T>> work) {
    Strike strike = arrived(method, uri);
    if (strike == null) {
      return work.apply(null);
    }
    return switch (strike.fault) {
      case FAIL -> CompletableFuture.failedFuture(failure(method, uri));
      case FAIL_AFTER -> after(work.apply(null), failure(method, uri));
      case TWICE -> {
        CompletableFuture<T> once = work.apply(null);
        yield once.handle((value, error) -> work.apply(null)).thenCompose(second -> second);
      }
      case DELAY -> {
        LockSupport.parkNanos(DELAY_NANOS);
        yield work.apply(null);
      }
      case HANG -> new CompletableFuture<>();
      case CANCEL -> {
        CompletableFuture<T> cancelled = new CompletableFuture<>();
        cancelled.cancel(true);
        yield cancelled;
      }
      case SHORTEN, FLIP -> work.apply(strike);
    };
  }

  private static <T> CompletableFuture<T> after(
      CompletableFuture<T> done, ObjectStoreException failure) {
    return done.handle(
            (value, error) -> {
              giveUp(value);
              return failure;
            })
        .thenCompose(CompletableFuture::failedFuture);
  }

  /** An upload that nobody else hears of is given up here. */
  private static void giveUp(Object value) {
    if (value instanceof PartUpload upload) {
      upload.abort();
    }
  }

  private static ObjectStoreException failure(String method, ObjectUri uri) {
    return new ObjectStoreException(Kind.UNAVAILABLE, method, uri, "an injected fault", null);
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
    return call("head", uri, strike -> super.head(uri));
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri, String version) {
    return call("head", uri, strike -> super.head(uri, version));
  }

  @Override
  public CompletableFuture<Map<String, String>> tags(ObjectUri uri) {
    return call("tags", uri, strike -> super.tags(uri));
  }

  @Override
  public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
    return call(
        "read",
        uri,
        strike -> super.read(uri, request, strike == null ? receiver : harmed(receiver, strike)));
  }

  @Override
  public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
    return call("put", uri, strike -> super.put(uri, harmed(payload, strike), options));
  }

  @Override
  public CompletableFuture<PartUpload> startMultipart(
      ObjectUri uri, long partSize, PutOptions options) {
    return call(
        "startMultipart",
        uri,
        strike -> watched(uri, super.startMultipart(uri, partSize, options)));
  }

  /** Cancelling what comes of it cancels the request, or aborts the upload that it has begun. */
  private CompletableFuture<PartUpload> watched(
      ObjectUri uri, CompletableFuture<PartUpload> request) {
    CompletableFuture<PartUpload> result = new CompletableFuture<>();
    result.whenComplete((upload, error) -> request.cancel(true)); // harmless once it is complete
    request.whenComplete(
        (upload, error) -> {
          if (error != null) {
            result.completeExceptionally(error);
          } else if (!result.complete(new FaultyUpload(uri, upload))) {
            upload.abort();
          }
        });
    return result;
  }

  @Override
  public ListCursor list(ObjectUri prefix, ListOptions options) {
    ListCursor cursor = super.list(prefix, options);
    return new ListCursor() {
      @Override
      public CompletableFuture<List<ListEntry>> next() {
        return call("list", prefix, strike -> cursor.next());
      }

      @Override
      public void close() {
        cursor.close();
      }
    };
  }

  @Override
  public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
    return call("deleteAll", uris.get(0), strike -> super.deleteAll(uris));
  }

  @Override
  public CompletableFuture<PutResult> copy(ObjectUri from, ObjectUri to) {
    return call("copy", from, strike -> super.copy(from, to));
  }

  @Override
  public CompletableFuture<List<UnfinishedWrite>> unfinished(ObjectUri prefix) {
    return call(
        "unfinished",
        prefix,
        strike ->
            super.unfinished(prefix).thenApply(all -> all.stream().map(this::striking).toList()));
  }

  private UnfinishedWrite striking(UnfinishedWrite write) {
    return new UnfinishedWrite(
        write.uri(), () -> call("abort", write.uri(), strike -> write.abort().get()));
  }

  @Override
  public CompletableFuture<Void> createBucket(ObjectUri uri) {
    return call("createBucket", uri, strike -> super.createBucket(uri));
  }

  @Override
  public CompletableFuture<Void> deleteBucket(ObjectUri uri) {
    return call("deleteBucket", uri, strike -> super.deleteBucket(uri));
  }

  @Override
  public CompletableFuture<List<BucketInfo>> listBuckets(ObjectUri uri) {
    return call("listBuckets", uri, strike -> super.listBuckets(uri));
  }

  private final class FaultyUpload implements PartUpload {
    private final ObjectUri uri;
    private final PartUpload upload;

    FaultyUpload(ObjectUri uri, PartUpload upload) {
      this.uri = uri;
      this.upload = upload;
    }

    @Override
    public CompletableFuture<Void> putPart(int number, Payload part) {
      return call("putPart", uri, strike -> upload.putPart(number, harmed(part, strike)));
    }

    @Override
    public CompletableFuture<PutResult> complete(int parts, long size, Optional<Integer> crc32c) {
      return call("complete", uri, strike -> upload.complete(parts, size, crc32c));
    }

    @Override
    public CompletableFuture<Void> abort() {
      return call("abort", uri, strike -> upload.abort());
    }
  }

  private static Payload harmed(Payload payload, Strike strike) {
    if (strike == null || payload.size() == 0) {
      return payload;
    }
    ByteBuffer copy = ByteBuffer.allocate(Math.toIntExact(payload.size()));
    payload.buffers().forEach(buffer -> copy.put(buffer.duplicate()));
    flip(copy.flip(), strike.choice.at(payload.size()), strike.choice);
    return new Payload(List.of(copy.asReadOnlyBuffer()), payload.size(), payload.crc32c());
  }

  private static void flip(ByteBuffer bytes, long at, Schedule.Choice choice) {
    int index = (int) at;
    bytes.put(index, (byte) (bytes.get(index) ^ choice.bit()));
  }

  private static Receiver harmed(Receiver receiver, Strike strike) {
    return (meta, offset, length) -> {
      Receiver.Landing landing = receiver.begin(meta, offset, length);
      long at = strike.choice.at(landing.length());
      ByteSink sink =
          strike.fault == BackendFault.FLIP
              ? new FlippingSink(landing.sink(), at, strike.choice)
              : (where, src) -> {
                int fitting = (int) Math.max(0, Math.min(src.remaining(), at - where));
                ByteBuffer rest = src.duplicate().limit(src.position() + fitting);
                src.position(src.limit());
                if (rest.hasRemaining()) {
                  landing.sink().write(where, rest);
                }
              };
      return new Receiver.Landing(sink, landing.length());
    };
  }

  private record FlippingSink(ByteSink sink, long at, Schedule.Choice choice) implements ByteSink {
    @Override
    public void write(long offset, ByteBuffer src) throws IOException {
      ByteBuffer copy = ByteBuffer.allocate(src.remaining()).put(src).flip();
      if (at >= offset && at < offset + copy.remaining()) {
        flip(copy, at - offset, choice);
      }
      sink.write(offset, copy);
    }
  }
}
