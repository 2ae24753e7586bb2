package io.s3dlio.layer;

import io.s3dlio.Capabilities;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.UnfinishedWrite;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Lets nothing be changed. What would write, delete, copy, or make or delete a bucket fails with
 * kind UNSUPPORTED before anything is sent; reads and listings are as below. No condition of a put
 * is among the capabilities. A guard against mistakes: who can reach the store past this layer can
 * write.
 */
public final class ReadOnly implements Layer {

  /** Makes the layer. It has no state. */
  public ReadOnly() {}

  @Override
  public StoreBackend over(StoreBackend backend) {
    return new ReadOnlyBackend(backend);
  }

  static final class ReadOnlyBackend extends ForwardingBackend {

    ReadOnlyBackend(StoreBackend backend) {
      super(backend);
    }

    private static <T> CompletableFuture<T> refuse(Operation operation, ObjectUri uri) {
      return CompletableFuture.failedFuture(refusal(operation, uri));
    }

    private static ObjectStoreException refusal(Operation operation, ObjectUri uri) {
      return new ObjectStoreException(
          Kind.UNSUPPORTED,
          operation.toString(),
          uri,
          "this store was opened read-only; open it without that layer to change anything",
          null);
    }

    @Override
    public Capabilities capabilities() {
      Capabilities below = super.capabilities();
      return new Capabilities(
          false,
          false,
          below.userMetadata(),
          below.checksums(),
          below.tags(),
          below.versions(),
          below.minPartSize(),
          below.maxParts());
    }

    @Override
    public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
      return refuse(Operation.PUT, uri);
    }

    @Override
    public CompletableFuture<PartUpload> startMultipart(
        ObjectUri uri, long partSize, PutOptions options) {
      return refuse(Operation.START_MULTIPART, uri);
    }

    @Override
    public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
      return refuse(Operation.DELETE_ALL, uris.isEmpty() ? null : uris.get(0));
    }

    @Override
    public CompletableFuture<PutResult> copy(ObjectUri from, ObjectUri to) {
      return refuse(Operation.COPY, to);
    }

    @Override
    public CompletableFuture<List<UnfinishedWrite>> unfinished(ObjectUri prefix) {
      return super.unfinished(prefix)
          .thenApply(
              all ->
                  all.stream()
                      .map(write -> write.refusing(refusal(Operation.ABORT, write.uri())))
                      .toList());
    }

    @Override
    public CompletableFuture<Void> createBucket(ObjectUri uri) {
      return refuse(Operation.CREATE_BUCKET, uri);
    }

    @Override
    public CompletableFuture<Void> deleteBucket(ObjectUri uri) {
      return refuse(Operation.DELETE_BUCKET, uri);
    }
  }
}
