package io.s3dlio.layer;

import io.s3dlio.BucketInfo;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Leads every request through a gate, those of uploads and listings too. */
final class InterceptingBackend extends ForwardingBackend {

  private final Gate gate;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

  private record Waiting(CompletableFuture<Void> turn, Call call) {}

  InterceptingBackend(StoreBackend delegate, Gate gate) {
    super(delegate);
    this.gate = gate;
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
    return pass(Call.of(Operation.HEAD, uri, 1), exchange -> super.head(uri));
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri, String version) {
    return pass(
        Call.of(Operation.HEAD, uri, 1).withVersion(Optional.of(version)),
        exchange -> super.head(uri, version));
  }

  @Override
  public CompletableFuture<Map<String, String>> tags(ObjectUri uri) {
    return pass(Call.of(Operation.TAGS, uri, 1), exchange -> super.tags(uri));
  }

  @Override
  public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
    return pass(
        Call.of(Operation.READ, uri, 1).withRange(request.range()).withVersion(request.version()),
        exchange -> super.read(uri, request, new CountingReceiver(receiver, exchange)));
  }

  @Override
  public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
    return pass(
        Call.of(Operation.PUT, uri, 1).withMode(options.mode()).withSent(payload.size()),
        exchange -> super.put(uri, payload, options));
  }

  @Override
  public CompletableFuture<PartUpload> startMultipart(
      ObjectUri uri, long partSize, PutOptions options) {
    return pass(
        Call.of(Operation.START_MULTIPART, uri, 1).withMode(options.mode()),
        exchange ->
            Relay.of(
                super.startMultipart(uri, partSize, options),
                upload -> new Upload(uri, upload),
                Function.identity()));
  }

  @Override
  public ListCursor list(ObjectUri prefix, ListOptions options) {
    return new Cursor(prefix, super.list(prefix, options));
  }

  @Override
  public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
    return uris.isEmpty()
        ? super.deleteAll(uris)
        : pass(
            Call.of(Operation.DELETE_ALL, uris.get(0), uris.size()),
            exchange -> super.deleteAll(uris));
  }

  @Override
  public CompletableFuture<PutResult> copy(ObjectUri from, ObjectUri to) {
    return pass(Call.of(Operation.COPY, from, 1).withTo(to), exchange -> super.copy(from, to));
  }

  @Override
  public CompletableFuture<List<UnfinishedWrite>> unfinished(ObjectUri prefix) {
    return pass(
        Call.of(Operation.UNFINISHED, prefix, 0),
        exchange ->
            Relay.of(
                super.unfinished(prefix),
                all -> all.stream().map(this::passing).toList(),
                Function.identity()));
  }

  private UnfinishedWrite passing(UnfinishedWrite write) {
    return new UnfinishedWrite(
        write.uri(),
        () -> pass(Call.of(Operation.ABORT, write.uri(), 1), exchange -> write.abort().get()));
  }

  @Override
  public CompletableFuture<Void> createBucket(ObjectUri uri) {
    return pass(Call.of(Operation.CREATE_BUCKET, uri, 0), exchange -> super.createBucket(uri));
  }

  @Override
  public CompletableFuture<Void> deleteBucket(ObjectUri uri) {
    return pass(Call.of(Operation.DELETE_BUCKET, uri, 0), exchange -> super.deleteBucket(uri));
  }

  @Override
  public CompletableFuture<List<BucketInfo>> listBuckets(ObjectUri uri) {
    return pass(Call.of(Operation.LIST_BUCKETS, uri, 0), exchange -> super.listBuckets(uri));
  }

  /** Those that wait for the gate end now; the backend ends the others. */
  @Override
  public void close() throws ObjectStoreException {
    for (Waiting one : waiting) {
      one.turn.completeExceptionally(
          new ObjectStoreException(
              Kind.CANCELLED,
              one.call.operation().toString(),
              one.call.uri(),
              "the store was closed",
              null));
    }
    super.close();
  }

  private <T> CompletableFuture<T> pass(
      Call call, Function<Exchange, CompletableFuture<T>> request) {
    Exchange exchange = new Exchange(call);
    CompletableFuture<Void> turn = gate.enter(exchange);
    if (turn == Gate.NOW) {
      return begin(exchange, request, null);
    }
    Waiting one = new Waiting(turn, call);
    waiting.add(one);
    Relay<T> relay = new Relay<>();
    relay.stand(turn);
    turn.whenComplete(
        (nothing, refused) -> {
          waiting.remove(one);
          if (refused != null) {
            relay.end(null, Relay.bare(refused));
          } else {
            beginLate(exchange, request, relay);
          }
        });
    return relay;
  }

  private <T> void beginLate(
      Exchange exchange, Function<Exchange, CompletableFuture<T>> request, Relay<T> relay) {
    if (relay.isDone()) { // cancelled when its turn had come already
      gate.leave(exchange, new CancellationException());
      return;
    }
    try {
      begin(exchange, request, relay);
    } catch (RuntimeException | Error e) {
      relay.end(null, e);
    }
  }

  /** Begins a request; its result is the relay's, if the caller holds one already. */
  private <T> CompletableFuture<T> begin(
      Exchange exchange, Function<Exchange, CompletableFuture<T>> request, Relay<T> held) {
    CompletableFuture<T> begun;
    try {
      begun = request.apply(exchange);
    } catch (RuntimeException | Error e) {
      gate.leave(exchange, e);
      throw e;
    }
    if (held == null && begun.isDone()) { // as every request to a local store
      begun.whenComplete((value, error) -> gate.leave(exchange, Relay.bare(error)));
      return begun;
    }
    Relay<T> relay = held == null ? new Relay<>() : held;
    relay.stand(begun);
    begun.whenComplete(
        (value, error) -> {
          gate.leave(exchange, Relay.bare(error)); // first: whoever has the result sees its figures
          relay.end(value, Relay.bare(error));
        });
    return relay;
  }

  private final class Upload implements PartUpload {
    private final ObjectUri uri;
    private final PartUpload upload;

    Upload(ObjectUri uri, PartUpload upload) {
      this.uri = uri;
      this.upload = upload;
    }

    @Override
    public CompletableFuture<Void> putPart(int number, Payload part) {
      return pass(
          Call.of(Operation.PUT_PART, uri, 1).withPart(number).withSent(part.size()),
          exchange -> upload.putPart(number, part));
    }

    @Override
    public CompletableFuture<PutResult> complete(int parts, long size, Optional<Integer> crc32c) {
      return pass(
          Call.of(Operation.COMPLETE, uri, 1), exchange -> upload.complete(parts, size, crc32c));
    }

    @Override
    public CompletableFuture<Void> abort() {
      return pass(Call.of(Operation.ABORT, uri, 1), exchange -> upload.abort());
    }
  }

  private final class Cursor implements ListCursor {
    private final ObjectUri prefix;
    private final ListCursor cursor;

    Cursor(ObjectUri prefix, ListCursor cursor) {
      this.prefix = prefix;
      this.cursor = cursor;
    }

    @Override
    public CompletableFuture<List<ListEntry>> next() {
      return pass(Call.of(Operation.LIST, prefix, 0), exchange -> cursor.next());
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
