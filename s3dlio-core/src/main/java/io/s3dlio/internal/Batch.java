package io.s3dlio.internal;

import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.Outcome;
import io.s3dlio.Outcome.Failure;
import io.s3dlio.Outcome.Success;
import io.s3dlio.PutItem;
import io.s3dlio.PutResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** The same operation on many objects, with an outcome for each. */
public final class Batch {

  /** Does one item. */
  private interface Item<T> {
    T run(int index, Scope scope) throws ObjectStoreException;
  }

  private Batch() {}

  /**
   * Asks about objects.
   *
   * @param engine of the store
   * @param uris the objects
   * @param options how
   * @return an outcome for each, in order
   * @throws ObjectStoreException of kind CANCELLED if the thread was interrupted
   */
  public static List<Outcome<ObjectMeta>> head(
      Engine engine, List<ObjectUri> uris, ManyOptions options) throws ObjectStoreException {
    List<List<Integer>> each = new ArrayList<>(uris.size());
    for (int i = 0; i < uris.size(); i++) {
      each.add(List.of(i));
    }
    return run(
        engine,
        "headMany",
        uris,
        each,
        options,
        (i, scope) ->
            engine.call(scope, "head", uris.get(i), () -> engine.backend.head(uris.get(i))));
  }

  /**
   * Writes objects. Those of one name one after the other, as they come.
   *
   * @param engine of the store
   * @param items the objects
   * @param options how
   * @return an outcome for each, in order
   * @throws ObjectStoreException of kind CANCELLED if the thread was interrupted
   */
  public static List<Outcome<PutResult>> put(
      Engine engine, List<PutItem> items, ManyOptions options) throws ObjectStoreException {
    Map<ObjectUri, List<Integer>> byName = new LinkedHashMap<>();
    for (int i = 0; i < items.size(); i++) {
      byName.computeIfAbsent(items.get(i).uri(), uri -> new ArrayList<>(1)).add(i);
    }
    return run(
        engine,
        "putMany",
        items.stream().map(PutItem::uri).toList(),
        List.copyOf(byName.values()),
        options,
        (i, scope) -> {
          PutItem item = items.get(i);
          return Upload.put(scope, engine, item.uri(), item.source(), item.options());
        });
  }

  /** Works on groups in parallel, on the items of a group one after the other. */
  private static <T> List<Outcome<T>> run(
      Engine engine,
      String operation,
      List<ObjectUri> uris,
      List<List<Integer>> groups,
      ManyOptions options,
      Item<T> item)
      throws ObjectStoreException {
    if (uris.isEmpty()) {
      return List.of();
    }
    engine.checkNotInterrupted(operation, uris.get(0));
    List<Outcome<T>> outcomes = new ArrayList<>(Collections.nCopies(uris.size(), null));
    AtomicReference<Failure<T>> stop = new AtomicReference<>();
    engine.parallel(
        Scope.NONE,
        options.concurrency().orElse(Integer.MAX_VALUE),
        groups.size(),
        (group, scope) -> {
          for (int i : groups.get(group)) {
            Outcome<T> outcome =
                stop.get() == null
                    ? run(i, uris.get(i), scope, item)
                    : notTried(operation, i, uris.get(i), stop.get());
            outcomes.set(i, outcome);
            if (options.stopAtFirstError() && outcome instanceof Failure<T> failure) {
              stop.compareAndSet(null, failure);
            }
          }
        });
    return List.copyOf(outcomes);
  }

  private static <T> Outcome<T> run(int index, ObjectUri uri, Scope scope, Item<T> item)
      throws ObjectStoreException {
    try {
      return new Success<>(index, uri, item.run(index, scope));
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.CANCELLED) {
        throw e; // nobody waits for the others any more
      }
      return new Failure<>(index, uri, e);
    }
  }

  /** The outcome of an item that stands behind the first error. */
  static <T> Failure<T> notTried(String operation, int index, ObjectUri uri, Failure<?> first) {
    return new Failure<>(
        index,
        uri,
        new ObjectStoreException(
            Kind.CANCELLED,
            operation,
            uri,
            "not tried, since item " + first.index() + " failed: " + first.why().getMessage(),
            first.why()));
  }
}
