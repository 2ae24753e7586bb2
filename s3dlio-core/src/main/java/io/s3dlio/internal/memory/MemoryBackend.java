package io.s3dlio.internal.memory;

import io.s3dlio.BucketInfo;
import io.s3dlio.ByteRange;
import io.s3dlio.ByteRange.Span;
import io.s3dlio.Capabilities;
import io.s3dlio.CommonPrefix;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.RequestEvent;
import io.s3dlio.RequestEvent.Checksum;
import io.s3dlio.RequestListener;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;

/** The reference for the contract: every operation, every condition, done on the calling thread. */
final class MemoryBackend implements StoreBackend {

  private static final int PAGE = 1000;

  /** The greatest character, in the order of keys. */
  private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

  private static final Capabilities CAPABILITIES =
      new Capabilities(true, true, true, true, true, false, 1, 10_000);

  private final RequestListener listener;

  MemoryBackend(RequestListener listener) {
    this.listener = listener;
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
    return run("head", uri, Checksum.NONE, meter -> Buckets.existing("head", uri).meta(uri));
  }

  @Override
  public CompletableFuture<Map<String, String>> tags(ObjectUri uri) {
    return run("tags", uri, Checksum.NONE, meter -> Buckets.existing("tags", uri).tags());
  }

  @Override
  public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
    return run(
        "get",
        uri,
        Checksum.RECEIVED,
        meter -> {
          MemoryObject object = Buckets.existing("get", uri);
          if (request.ifMatch().isPresent() && !request.ifMatch().get().equals(object.etag())) {
            throw Buckets.changed("get", uri, request.ifMatch().get(), object);
          }
          Span span =
              request
                  .range()
                  .resolve(object.size())
                  .orElseThrow(
                      () ->
                          ObjectStoreException.of(
                              Kind.RANGE_NOT_SATISFIABLE,
                              "get",
                              uri,
                              "the object has "
                                  + object.size()
                                  + " bytes, none of them in "
                                  + request.range(),
                              null));
          if (!request.range().equals(ByteRange.WHOLE)) {
            meter.offset = span.offset();
          }
          Receiver.Landing landing = receiver.begin(object.meta(uri), span.offset(), span.length());
          long at = 0;
          for (ByteBuffer piece : object.bytes(new Span(span.offset(), landing.length()))) {
            int n = piece.remaining();
            landing.sink().write(at, piece);
            at += n;
          }
          meter.bytes = at;
          return null;
        });
  }

  @Override
  public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
    return run(
        "put",
        uri,
        Checksum.SENT,
        meter -> {
          meter.bytes = payload.size();
          return Buckets.publish(
              uri,
              MemoryObject.of(
                  MemoryObject.copy(payload), payload.size(), payload.crc32c(), options),
              options.mode());
        });
  }

  @Override
  public CompletableFuture<PartUpload> startMultipart(
      ObjectUri uri, long partSize, PutOptions options) {
    return run("startMultipart", uri, Checksum.NONE, meter -> new MemoryUpload(uri, options));
  }

  @Override
  public ListCursor list(ObjectUri prefix, ListOptions options) {
    return new Cursor(prefix, options);
  }

  @Override
  public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
    return run(
        "delete",
        uris.isEmpty() ? null : uris.get(0),
        Checksum.NONE,
        meter -> {
          uris.forEach(Buckets::delete);
          return Map.of();
        });
  }

  @Override
  public CompletableFuture<PutResult> copy(ObjectUri from, ObjectUri to) {
    return run(
        "copy",
        from,
        Checksum.NONE,
        meter -> Buckets.publish(to, Buckets.existing("copy", from).again(), PutMode.OVERWRITE));
  }

  @Override
  public CompletableFuture<Void> createBucket(ObjectUri uri) {
    return run(
        "createBucket",
        uri,
        Checksum.NONE,
        meter -> {
          Buckets.create(uri);
          return null;
        });
  }

  @Override
  public CompletableFuture<Void> deleteBucket(ObjectUri uri) {
    return run(
        "deleteBucket",
        uri,
        Checksum.NONE,
        meter -> {
          Buckets.deleteEmpty(uri);
          return null;
        });
  }

  @Override
  public CompletableFuture<List<BucketInfo>> listBuckets(ObjectUri uri) {
    return run("listBuckets", uri, Checksum.NONE, meter -> Buckets.list());
  }

  @Override
  public void close() {
    // Named stores outlive those who look at them.
  }

  private interface Work<T> {
    T run(Meter meter) throws IOException;
  }

  /** What a request tells about itself while it runs. */
  private static final class Meter {
    /** First byte asked for, or -1. */
    long offset = -1;

    /** Payload bytes moved. */
    long bytes;
  }

  private <T> CompletableFuture<T> run(
      String operation, ObjectUri uri, Checksum checksum, Work<T> work) {
    Meter meter = new Meter();
    long start = System.nanoTime();
    ObjectStoreException failure = null;
    CompletableFuture<T> result;
    try {
      result = CompletableFuture.completedFuture(work.run(meter));
    } catch (ObjectStoreException e) {
      failure = e;
      result = CompletableFuture.failedFuture(e);
    } catch (IOException e) {
      failure = new ObjectStoreException(Kind.UNKNOWN, operation, uri, e.toString(), e);
      result = CompletableFuture.failedFuture(failure);
    }
    long end = System.nanoTime();
    listener.onRequest(
        new RequestEvent(
            operation,
            uri,
            meter.offset,
            meter.bytes,
            1,
            "memory",
            start,
            end,
            end,
            0,
            Optional.ofNullable(failure).map(ObjectStoreException::kind),
            checksum));
    return result;
  }

  /** Parts wait here until they become an object. */
  private final class MemoryUpload implements PartUpload {

    private final ObjectUri uri;
    private final PutOptions options;
    private final NavigableMap<Integer, List<ByteBuffer>> parts = new ConcurrentSkipListMap<>();

    MemoryUpload(ObjectUri uri, PutOptions options) {
      this.uri = uri;
      this.options = options;
    }

    @Override
    public CompletableFuture<Void> putPart(int number, Payload part) {
      return run(
          "putPart",
          uri,
          Checksum.SENT,
          meter -> {
            meter.bytes = part.size();
            parts.put(number, MemoryObject.copy(part));
            return null;
          });
    }

    @Override
    public CompletableFuture<PutResult> complete(int count, long size, Optional<Integer> crc32c) {
      return run(
          "complete",
          uri,
          Checksum.SENT,
          meter -> {
            List<ByteBuffer> content =
                parts.headMap(count, true).values().stream().flatMap(List::stream).toList();
            return Buckets.publish(
                uri, MemoryObject.of(content, size, crc32c, options), options.mode());
          });
    }

    @Override
    public CompletableFuture<Void> abort() {
      return run(
          "abort",
          uri,
          Checksum.NONE,
          meter -> {
            parts.clear();
            return null;
          });
    }
  }

  /** Walks the keys; what is put or deleted meanwhile may or may not show. */
  private final class Cursor implements ListCursor {

    private final ObjectUri prefix;
    private final ListOptions options;

    /** The next key is at or after {@code from}, or after it if {@code exclusive}. */
    private String from;

    private boolean exclusive;
    private boolean ended;
    private String lastCommon;

    Cursor(ObjectUri prefix, ListOptions options) {
      this.prefix = prefix;
      this.options = options;
      String startAfter = options.startAfter().orElse("");
      this.exclusive =
          ObjectUri.compareUtf8(startAfter, prefix.key()) >= 0 && !startAfter.isEmpty();
      this.from = exclusive ? startAfter : prefix.key();
    }

    @Override
    public CompletableFuture<List<ListEntry>> next() {
      return run("list", prefix, Checksum.NONE, meter -> page());
    }

    private List<ListEntry> page() {
      List<ListEntry> page = new ArrayList<>();
      while (page.size() < PAGE && !ended) {
        Map.Entry<String, MemoryObject> next =
            exclusive
                ? Buckets.objects(prefix).higherEntry(from)
                : Buckets.objects(prefix).ceilingEntry(from);
        if (next == null || !next.getKey().startsWith(prefix.key())) {
          ended = true;
        } else {
          add(page, next.getKey(), next.getValue());
        }
      }
      return page;
    }

    private void add(List<ListEntry> page, String key, MemoryObject object) {
      int end = options.delimiter().map(d -> key.indexOf(d, prefix.key().length())).orElse(-1);
      exclusive = true;
      if (end < 0) {
        page.add(object.listed(prefix.withKey(key)));
        from = key;
        return;
      }
      String common = key.substring(0, end + options.delimiter().orElseThrow().length());
      boolean after =
          options.startAfter().filter(a -> ObjectUri.compareUtf8(common, a) <= 0).isEmpty();
      if (after && !common.equals(lastCommon)) {
        page.add(new CommonPrefix(prefix.withKey(common)));
      }
      lastCommon = common;
      // Skips nearly all that begins with the common prefix; what it misses is told by lastCommon.
      from = ObjectUri.compareUtf8(key, common + LAST) < 0 ? common + LAST : key;
    }
  }
}
