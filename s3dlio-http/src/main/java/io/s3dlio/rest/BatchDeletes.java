package io.s3dlio.rest;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Deletes objects, several of a bucket with a request, one request after the other. Good for one
 * call.
 *
 * @param <B> a bucket and the way to it; equal where one request can delete objects of both
 */
public abstract class BatchDeletes<B> {

  private final int most;
  private final Map<ObjectUri, ObjectStoreException> failures = new LinkedHashMap<>();
  private final List<Batch<B>> batches = new ArrayList<>();
  private int requestsFailed;

  private record Batch<B>(B bucket, List<ObjectUri> uris) {}

  /**
   * For one call.
   *
   * @param most objects that one request can delete
   */
  protected BatchDeletes(int most) {
    this.most = most;
  }

  /**
   * Where an object is.
   *
   * @param uri the object
   * @return its bucket
   * @throws IllegalArgumentException if it cannot be there
   */
  protected abstract B bucket(ObjectUri uri);

  /**
   * Whether an object can be deleted together with others.
   *
   * @param uri the object
   * @return false if it needs a request of its own
   */
  protected boolean isBatched(ObjectUri uri) {
    return true;
  }

  /**
   * Deletes one object.
   *
   * @param bucket where it is
   * @param uri the object
   * @return done when it is gone, also if it was not there; fails if it may still be there
   */
  protected abstract CompletableFuture<Void> one(B bucket, ObjectUri uri);

  /**
   * Deletes several objects; those that may still be there are told to {@link #failed}.
   *
   * @param bucket where they are
   * @param uris the objects
   * @return done when the request is answered; fails if it is not
   */
  protected abstract CompletableFuture<Void> many(B bucket, List<ObjectUri> uris);

  /**
   * Takes down that an object may still be there.
   *
   * @param uri the object
   * @param why the reason
   */
  protected final void failed(ObjectUri uri, ObjectStoreException why) {
    failures.put(uri, why);
  }

  /**
   * Takes down that an answer does not name an object.
   *
   * @param call the request
   * @param uri the object
   */
  protected final void unanswered(Call call, ObjectUri uri) {
    failed(
        uri,
        new ObjectStoreException(
            Kind.UNAVAILABLE,
            call.operation(),
            uri,
            call.where()
                + " does not say what became of it: request or answer were damaged on the way;"
                + " delete it again",
            null));
  }

  /**
   * Deletes them.
   *
   * @param uris the objects, all different
   * @return those that may still be there, and why; fails if no request was answered
   */
  public final CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(
      List<ObjectUri> uris) {
    Map<B, Batch<B>> filling = new HashMap<>();
    for (ObjectUri uri : uris) {
      try {
        add(uri, filling);
      } catch (IllegalArgumentException e) {
        failed(uri, new ObjectStoreException(Kind.INVALID, "delete", uri, e.getMessage(), e));
      }
    }
    return Steps.of(steps -> from(0, steps));
  }

  private void add(ObjectUri uri, Map<B, Batch<B>> filling) {
    B bucket = bucket(uri);
    if (!isBatched(uri)) {
      batches.add(new Batch<>(bucket, List.of(uri)));
      return;
    }
    Batch<B> batch = filling.get(bucket);
    if (batch == null || batch.uris.size() == most) {
      batch = new Batch<>(bucket, new ArrayList<>());
      batches.add(batch);
      filling.put(bucket, batch);
    }
    batch.uris.add(uri);
  }

  private CompletableFuture<Map<ObjectUri, ObjectStoreException>> from(
      int index, Steps<Map<ObjectUri, ObjectStoreException>> steps) {
    if (index == batches.size()) {
      return index > 0 && requestsFailed == index
          ? CompletableFuture.failedFuture(failures.values().iterator().next())
          : CompletableFuture.completedFuture(Map.copyOf(failures));
    }
    Batch<B> batch = batches.get(index);
    return steps
        .step(
            batch.uris.size() == 1
                ? one(batch.bucket, batch.uris.get(0))
                : many(batch.bucket, batch.uris))
        .handle(
            (nothing, error) -> {
              if (error != null) {
                requestFailed(batch, Steps.bare(error));
              }
              return null;
            })
        .thenCompose(nothing -> from(index + 1, steps));
  }

  private void requestFailed(Batch<B> batch, Throwable error) {
    requestsFailed++;
    for (ObjectUri uri : batch.uris) {
      failed(
          uri,
          error instanceof ObjectStoreException e
              ? e
              : new ObjectStoreException(Kind.CANCELLED, "delete", uri, "given up", error));
    }
  }
}
