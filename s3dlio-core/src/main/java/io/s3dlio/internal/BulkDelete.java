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
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Deletes many objects, a thousand to a request where the store can, and accounts for each. */
public final class BulkDelete {

  private static final int BATCH = 1000;

  /** More levels than a key of 1,024 bytes has. */
  private static final int DEEPEST = 1024;

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
   * Deletes what a listing yields, while it is listed, until it yields nothing: some stores show a
   * key only when no other is above it.
   *
   * @param engine of the store
   * @param listing begins to list the objects
   * @return how many were deleted
   * @throws ObjectStoreException which ones may still be there, and why
   */
  public static long prefix(Engine engine, Supplier<Stream<ObjectMeta>> listing)
      throws ObjectStoreException {
    Map<ObjectUri, ObjectStoreException> failures = new TreeMap<>();
    long deleted = 0;
    long before = -1;
    for (int pass = 0; pass < DEEPEST && deleted > before; pass++) {
      before = deleted;
      deleted += onePass(engine, listing, failures);
    }
    if (!failures.isEmpty()) {
      throw new BulkDeleteException(failures, deleted + failures.size());
    }
    return deleted;
  }

  /** Gives how many were deleted, and adds to the failures. */
  private static long onePass(
      Engine engine,
      Supplier<Stream<ObjectMeta>> listing,
      Map<ObjectUri, ObjectStoreException> failures)
      throws ObjectStoreException {
    long deleted = 0;
    try (Stream<ObjectMeta> listed = listing.get()) {
      Iterator<ObjectUri> uris =
          listed.map(ObjectMeta::uri).filter(uri -> !failures.containsKey(uri)).iterator();
      while (uris.hasNext()) {
        List<ObjectUri> batch = new ArrayList<>(BATCH);
        while (batch.size() < BATCH && uris.hasNext()) {
          batch.add(uris.next());
        }
        deleted += batch.size();
        try {
          all(engine, batch);
        } catch (BulkDeleteException e) {
          deleted -= e.failures().size();
          failures.putAll(e.failures());
        }
      }
      return deleted;
    } catch (UncheckedIOException e) {
      throw Engine.unexpected("deletePrefix", null, e.getCause());
    }
  }
}
