package io.s3dlio.spi;

import io.s3dlio.BucketInfo;
import io.s3dlio.Capabilities;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What a backend implements: the few primitives that all else is derived from. Users hold an {@link
 * io.s3dlio.ObjectStore}, whose engine splits, schedules, bounds and checks; a backend makes single
 * requests.
 *
 * <p>Every method is thread-safe and makes one request, or few. It may do its work on the calling
 * thread and return a completed future, as local stores do. Futures fail with {@link
 * ObjectStoreException} itself, with nothing around it; methods throw nothing else than {@link
 * NullPointerException}. Repeating requests is the backend's, by the {@code retry.*} settings:
 * nothing above it repeats. Cancelling a future gives the request up as soon as possible.
 *
 * <p>Every attempt of a request is reported to the {@link StoreContext#listener()}.
 */
public interface StoreBackend extends AutoCloseable {

  /**
   * What this store can do.
   *
   * @return the same at every call
   */
  Capabilities capabilities();

  /**
   * Whether a request costs next to nothing, as those to files do. A read of a large object then
   * asks for its size alone first, and for all of its parts at the same time after that; elsewhere
   * the first request brings the first part along.
   *
   * @return the same at every call
   */
  default boolean isLocal() {
    return false;
  }

  /**
   * Asks about an object.
   *
   * @param uri the object
   * @return all that the store keeps about it
   */
  CompletableFuture<ObjectMeta> head(ObjectUri uri);

  /**
   * Asks about a version of an object.
   *
   * @param uri the object
   * @param version which one
   * @return all that the store keeps about it; a backend that declares no versions is not asked
   */
  default CompletableFuture<ObjectMeta> head(ObjectUri uri, String version) {
    return CompletableFuture.failedFuture(
        new ObjectStoreException(Kind.UNSUPPORTED, "head", uri, "there are no versions", null));
  }

  /**
   * Asks for the tags of an object.
   *
   * @param uri the object
   * @return names and values; a backend that declares no tags is not asked
   */
  default CompletableFuture<Map<String, String>> tags(ObjectUri uri) {
    return CompletableFuture.failedFuture(
        new ObjectStoreException(Kind.UNSUPPORTED, "tags", uri, "there are no tags", null));
  }

  /**
   * Reads bytes of an object in one request.
   *
   * @param uri the object
   * @param request which bytes
   * @param receiver takes the answer
   * @return done when all bytes wanted have been taken; a body shorter or longer than announced is
   *     an error
   */
  CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver);

  /**
   * Writes an object in one request. Readers see the old object, then the new one, nothing between.
   * What is not among the {@link #capabilities} is refused with kind UNSUPPORTED, a key or value
   * that cannot be kept with INVALID, before anything is written. If-match of an object that is not
   * there is PRECONDITION_FAILED.
   *
   * @param uri the object
   * @param payload its bytes
   * @param options how; its progress listener is the engine's business. It holds no tags but to a
   *     backend that declares them
   * @return what the store answers
   */
  CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options);

  /**
   * Begins a multipart upload; refuses what {@link #put} refuses. If the future is cancelled and
   * the upload begins all the same, the backend aborts it.
   *
   * @param uri the object
   * @param partSize bytes of each part but the last
   * @param options how; conditions are met when the upload completes
   * @return the upload; whoever gets it completes or aborts it
   */
  CompletableFuture<PartUpload> startMultipart(ObjectUri uri, long partSize, PutOptions options);

  /**
   * Begins a listing.
   *
   * @param prefix a prefix of keys, taken as text: {@code a/b} lists {@code a/b}, {@code a/bc} and
   *     {@code a/b/c}
   * @param options which entries; start-after holds for common prefixes too, see {@link
   *     ListOptions}; the limit is a hint for the size of pages
   * @return the listing, which the caller closes; what goes wrong shows at its first page
   */
  ListCursor list(ObjectUri prefix, ListOptions options);

  /**
   * Deletes objects; one that is not there counts as deleted.
   *
   * @param uris the objects, any number, of any buckets, all different
   * @return those that may still be there, and why; the future itself fails only if none could be
   *     tried
   */
  CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris);

  /**
   * Copies an object within the store, with its content type, user metadata and tags, without its
   * bytes passing through here where the store can. Overwrites.
   *
   * @param from the object; the URI of the error if it is not there
   * @param to where to, another URI
   * @return what the store answers
   */
  CompletableFuture<PutResult> copy(ObjectUri from, ObjectUri to);

  /**
   * Finds what writes that have not ended have left in the store and no listing shows: parts that
   * are no object yet, temporary files.
   *
   * @param prefix a prefix of keys, taken as text
   * @return one for each, in no order; none of a store in which nothing can be left
   */
  default CompletableFuture<List<UnfinishedWrite>> unfinished(ObjectUri prefix) {
    return CompletableFuture.completedFuture(List.of());
  }

  /**
   * Makes a bucket.
   *
   * @param uri the bucket; its key is empty but on {@code file://} and {@code direct://}
   * @return done when it is there; fails with kind ALREADY_EXISTS if it was
   */
  CompletableFuture<Void> createBucket(ObjectUri uri);

  /**
   * Deletes a bucket without objects.
   *
   * @param uri the bucket; its key is empty but on {@code file://} and {@code direct://}
   * @return done when it is gone; fails with kind INVALID if it holds objects, NOT_FOUND if there
   *     is none
   */
  CompletableFuture<Void> deleteBucket(ObjectUri uri);

  /**
   * Lists the buckets.
   *
   * @param uri the store, such as {@code s3://} or {@code s3://host:9000/}; on {@code file://} the
   *     directory whose directories are listed
   * @return the buckets by name
   */
  CompletableFuture<List<BucketInfo>> listBuckets(ObjectUri uri);

  /**
   * Ends all requests and gives up all that the backend holds, within a bounded time. Harmless when
   * done before.
   *
   * @throws ObjectStoreException if something could not be given up
   */
  @Override
  void close() throws ObjectStoreException;
}
