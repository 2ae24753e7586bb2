package io.s3dlio.spi;

import io.s3dlio.BucketInfo;
import io.s3dlio.Capabilities;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Hands every primitive on to another backend. What a decorator changes, it overrides. */
public abstract class ForwardingBackend implements StoreBackend {

  private final StoreBackend delegate;

  /**
   * Wraps a backend.
   *
   * @param delegate who does the work; closed with this one
   */
  protected ForwardingBackend(StoreBackend delegate) {
    this.delegate = Objects.requireNonNull(delegate, "delegate");
  }

  @Override
  public Capabilities capabilities() {
    return delegate.capabilities();
  }

  @Override
  public boolean isLocal() {
    return delegate.isLocal();
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
    return delegate.head(uri);
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri, String version) {
    return delegate.head(uri, version);
  }

  @Override
  public CompletableFuture<Map<String, String>> tags(ObjectUri uri) {
    return delegate.tags(uri);
  }

  @Override
  public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
    return delegate.read(uri, request, receiver);
  }

  @Override
  public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
    return delegate.put(uri, payload, options);
  }

  @Override
  public CompletableFuture<PartUpload> startMultipart(
      ObjectUri uri, long partSize, PutOptions options) {
    return delegate.startMultipart(uri, partSize, options);
  }

  @Override
  public ListCursor list(ObjectUri prefix, ListOptions options) {
    return delegate.list(prefix, options);
  }

  @Override
  public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
    return delegate.deleteAll(uris);
  }

  @Override
  public CompletableFuture<PutResult> copy(ObjectUri from, ObjectUri to) {
    return delegate.copy(from, to);
  }

  @Override
  public CompletableFuture<List<UnfinishedWrite>> unfinished(ObjectUri prefix) {
    return delegate.unfinished(prefix);
  }

  @Override
  public CompletableFuture<Void> createBucket(ObjectUri uri) {
    return delegate.createBucket(uri);
  }

  @Override
  public CompletableFuture<Void> deleteBucket(ObjectUri uri) {
    return delegate.deleteBucket(uri);
  }

  @Override
  public CompletableFuture<List<BucketInfo>> listBuckets(ObjectUri uri) {
    return delegate.listBuckets(uri);
  }

  @Override
  public void close() throws ObjectStoreException {
    delegate.close();
  }
}
