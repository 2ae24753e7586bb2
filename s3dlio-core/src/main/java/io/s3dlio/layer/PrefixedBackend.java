package io.s3dlio.layer;

import io.s3dlio.BucketInfo;
import io.s3dlio.CommonPrefix;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Asks for every object below a prefix, and answers as if it were not there. */
final class PrefixedBackend extends ForwardingBackend {

  private final KeyPrefix prefix;

  PrefixedBackend(StoreBackend delegate, KeyPrefix prefix) {
    super(delegate);
    this.prefix = prefix;
  }

  private <S, T> CompletableFuture<T> answer(
      CompletableFuture<S> below, Function<S, T> value, ObjectUri... places) {
    return Relay.of(below, value, error -> prefix.above(error, places));
  }

  private <T> CompletableFuture<T> answer(CompletableFuture<T> below, ObjectUri... places) {
    return answer(below, Function.identity(), places);
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
    ObjectUri below = prefix.below(uri);
    return answer(super.head(below), meta -> meta.withUri(uri), below);
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri, String version) {
    ObjectUri below = prefix.below(uri);
    return answer(super.head(below, version), meta -> meta.withUri(uri), below);
  }

  @Override
  public CompletableFuture<Map<String, String>> tags(ObjectUri uri) {
    ObjectUri below = prefix.below(uri);
    return answer(super.tags(below), below);
  }

  @Override
  public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
    ObjectUri below = prefix.below(uri);
    Receiver renaming = (meta, offset, length) -> receiver.begin(meta.withUri(uri), offset, length);
    return answer(super.read(below, request, renaming), below);
  }

  @Override
  public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
    ObjectUri below = prefix.below(uri);
    return answer(super.put(below, payload, options), below);
  }

  @Override
  public CompletableFuture<PartUpload> startMultipart(
      ObjectUri uri, long partSize, PutOptions options) {
    ObjectUri below = prefix.below(uri);
    return answer(
        super.startMultipart(below, partSize, options), upload -> new Upload(upload, below), below);
  }

  @Override
  public ListCursor list(ObjectUri uri, ListOptions options) {
    ObjectUri below = prefix.below(uri);
    Optional<String> after = options.startAfter().map(prefix::below);
    return new Cursor(
        super.list(below, new ListOptions(options.delimiter(), after, options.limit())), below);
  }

  @Override
  public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
    List<ObjectUri> below = uris.stream().map(prefix::below).toList();
    return answer(super.deleteAll(below), this::failuresAbove, below.toArray(new ObjectUri[0]));
  }

  private Map<ObjectUri, ObjectStoreException> failuresAbove(
      Map<ObjectUri, ObjectStoreException> failures) {
    Map<ObjectUri, ObjectStoreException> above = new HashMap<>();
    failures.forEach(
        (uri, error) ->
            above.put(prefix.above(uri), (ObjectStoreException) prefix.above(error, uri)));
    return above;
  }

  @Override
  public CompletableFuture<PutResult> copy(ObjectUri from, ObjectUri to) {
    ObjectUri fromBelow = prefix.below(from);
    ObjectUri toBelow = prefix.below(to);
    return answer(super.copy(fromBelow, toBelow), fromBelow, toBelow);
  }

  @Override
  public CompletableFuture<List<UnfinishedWrite>> unfinished(ObjectUri uri) {
    ObjectUri below = prefix.below(uri);
    return answer(super.unfinished(below), all -> all.stream().map(this::above).toList(), below);
  }

  private UnfinishedWrite above(UnfinishedWrite write) {
    return new UnfinishedWrite(
        prefix.above(write.uri()), () -> answer(write.abort().get(), write.uri()));
  }

  @Override
  public CompletableFuture<Void> createBucket(ObjectUri uri) {
    ObjectUri below = prefix.bucketBelow(uri);
    return answer(super.createBucket(below), below);
  }

  @Override
  public CompletableFuture<Void> deleteBucket(ObjectUri uri) {
    ObjectUri below = prefix.bucketBelow(uri);
    return answer(super.deleteBucket(below), below);
  }

  @Override
  public CompletableFuture<List<BucketInfo>> listBuckets(ObjectUri uri) {
    ObjectUri below = prefix.bucketBelow(uri);
    return answer(
        super.listBuckets(below),
        buckets ->
            buckets.stream()
                .map(bucket -> new BucketInfo(prefix.above(bucket.uri()), bucket.created()))
                .toList(),
        below);
  }

  private final class Upload implements PartUpload {
    private final PartUpload upload;
    private final ObjectUri below;

    Upload(PartUpload upload, ObjectUri below) {
      this.upload = upload;
      this.below = below;
    }

    @Override
    public CompletableFuture<Void> putPart(int number, Payload part) {
      return answer(upload.putPart(number, part), below);
    }

    @Override
    public CompletableFuture<PutResult> complete(int parts, long size, Optional<Integer> crc32c) {
      return answer(upload.complete(parts, size, crc32c), below);
    }

    @Override
    public CompletableFuture<Void> abort() {
      return answer(upload.abort(), below);
    }
  }

  private final class Cursor implements ListCursor {
    private final ListCursor cursor;
    private final ObjectUri below;

    Cursor(ListCursor cursor, ObjectUri below) {
      this.cursor = cursor;
      this.below = below;
    }

    @Override
    public CompletableFuture<List<ListEntry>> next() {
      return answer(cursor.next(), page -> page.stream().map(this::above).toList(), below);
    }

    private ListEntry above(ListEntry entry) {
      ObjectUri uri = prefix.above(entry.uri());
      return entry instanceof ObjectMeta meta ? meta.withUri(uri) : new CommonPrefix(uri);
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
