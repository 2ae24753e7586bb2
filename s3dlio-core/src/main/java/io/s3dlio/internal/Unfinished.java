package io.s3dlio.internal;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.spi.UnfinishedWrite;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Finds what writes that have not ended have left, and removes it. */
public final class Unfinished {

  private Unfinished() {}

  /**
   * Lists.
   *
   * @param engine of the store
   * @param prefix of keys
   * @return the objects that were to be, in their order; one may come several times
   * @throws ObjectStoreException what went wrong
   */
  public static List<ObjectUri> list(Engine engine, ObjectUri prefix) throws ObjectStoreException {
    return find(engine, "unfinished", prefix).stream().map(UnfinishedWrite::uri).sorted().toList();
  }

  /**
   * Removes, each also if another cannot be.
   *
   * @param engine of the store
   * @param prefix of keys
   * @return how many
   * @throws ObjectStoreException about one that may still be there; about others as suppressed
   */
  public static long abort(Engine engine, ObjectUri prefix) throws ObjectStoreException {
    List<UnfinishedWrite> found = find(engine, "abortUnfinished", prefix);
    Queue<ObjectStoreException> failures = new ConcurrentLinkedQueue<>();
    engine.parallel(
        found.size(),
        (index, scope) -> {
          UnfinishedWrite write = found.get(index);
          try {
            engine.call(scope, "abortUnfinished", write.uri(), write.abort());
          } catch (ObjectStoreException e) {
            failures.add(e);
          }
        });
    ObjectStoreException first = failures.poll();
    if (first != null) {
      failures.forEach(first::addSuppressed);
      throw first;
    }
    return found.size();
  }

  private static List<UnfinishedWrite> find(Engine engine, String operation, ObjectUri prefix)
      throws ObjectStoreException {
    return engine.call(operation, prefix, () -> engine.backend.unfinished(prefix));
  }
}
