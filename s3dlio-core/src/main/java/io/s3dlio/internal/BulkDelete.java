package io.s3dlio.internal;

import io.s3dlio.BulkDeleteException;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Deletes many objects, a thousand to a request where the store can, and accounts for each. */
public final class BulkDelete {

  private static final int BATCH = 1000;

  private BulkDelete() {}

  /**
   * Deletes one object.
   *
   * @param engine of the store
   * @param uri the object
   * @throws ObjectStoreException why it may still be there
   */
  public static void one(Engine engine, ObjectUri uri) throws ObjectStoreException {
    Map<ObjectUri, ObjectStoreException> failures =
        engine.call("delete", uri, () -> engine.backend.deleteAll(List.of(uri)));
    if (!failures.isEmpty()) {
      throw failures.values().iterator().next();
    }
  }

  /**
   * Deletes objects.
   *
   * @param engine of the store
   * @param uris the objects
   * @throws ObjectStoreException which ones may still be there, and why
   */
  public static void all(Engine engine, List<ObjectUri> uris) throws ObjectStoreException {
    Map<ObjectUri, ObjectStoreException> failures = new ConcurrentHashMap<>();
    int batches = (uris.size() + BATCH - 1) / BATCH;
    engine.parallel(
        batches,
        (index, scope) -> {
          List<ObjectUri> batch =
              uris.subList(index * BATCH, Math.min(uris.size(), (index + 1) * BATCH));
          try {
            failures.putAll(
                engine.call(
                    scope, "deleteAll", batch.get(0), () -> engine.backend.deleteAll(batch)));
          } catch (ObjectStoreException e) {
            batch.forEach(uri -> failures.put(uri, e));
          }
        });
    if (!failures.isEmpty()) {
      throw new BulkDeleteException(failures, uris.size());
    }
  }

  /**
   * Deletes what a listing yields, while it is listed.
   *
   * @param engine of the store
   * @param listing the objects; closed here
   * @return how many were deleted
   * @throws ObjectStoreException which ones may still be there, and why
   */
  public static long prefix(Engine engine, Stream<ObjectMeta> listing) throws ObjectStoreException {
    Map<ObjectUri, ObjectStoreException> failures = new ConcurrentHashMap<>();
    long tried = 0;
    try (listing) {
      Iterator<ObjectMeta> objects = listing.iterator();
      while (objects.hasNext()) {
        List<ObjectUri> batch = new ArrayList<>(BATCH);
        while (batch.size() < BATCH && objects.hasNext()) {
          batch.add(objects.next().uri());
        }
        tried += batch.size();
        try {
          all(engine, batch);
        } catch (BulkDeleteException e) {
          failures.putAll(e.failures());
        }
      }
    } catch (UncheckedIOException e) {
      throw Engine.unexpected("deletePrefix", null, e.getCause());
    }
    if (!failures.isEmpty()) {
      throw new BulkDeleteException(failures, tried);
    }
    return tried;
  }
}
