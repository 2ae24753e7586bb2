package io.s3dlio.testkit;

import io.s3dlio.BucketInfo;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectUri;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Reads through a layer that refuses to write, and writes past it. */
final class WritesPast extends ForwardingBackend {

  private final StoreBackend readOnly;

  WritesPast(StoreBackend backend, StoreBackend readOnly) {
    super(backend);
    this.readOnly = readOnly;
  }

  @Override
  public boolean isLocal() {
    return readOnly.isLocal();
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
    return readOnly.head(uri);
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri, String version) {
    return readOnly.head(uri, version);
  }

  @Override
  public CompletableFuture<Map<String, String>> tags(ObjectUri uri) {
    return readOnly.tags(uri);
  }

  @Override
  public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
    return readOnly.read(uri, request, receiver);
  }

  @Override
  public ListCursor list(ObjectUri prefix, ListOptions options) {
    return readOnly.list(prefix, options);
  }

  @Override
  public CompletableFuture<List<BucketInfo>> listBuckets(ObjectUri uri) {
    return readOnly.listBuckets(uri);
  }
}
