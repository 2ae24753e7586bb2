package io.s3dlio.internal;

import io.s3dlio.GetItem;
import io.s3dlio.GetManyResult;
import io.s3dlio.GetResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.Outcome;
import io.s3dlio.Sizes;
import java.util.ArrayList;
import java.util.List;

/** Reads many objects and keeps all of them: either there is memory for every one, or for none. */
public final class Collected {

  private static final String OPERATION = "getMany";

  private final Engine engine;
  private final List<GetItem> items;
  private final ManyOptions options;
  private final List<Outcome<GetResult>> outcomes;

  private Collected(Engine engine, List<GetItem> items, ManyOptions options) {
    this.engine = engine;
    this.items = items;
    this.options = options;
    this.outcomes = new ArrayList<>(items.size());
  }

  /**
   * Reads objects.
   *
   * @param engine of the store
   * @param items which
   * @param options how
   * @return an outcome for each, in order; the caller closes it
   * @throws ObjectStoreException if there is no memory for all, or the thread was interrupted
   */
  public static GetManyResult read(Engine engine, List<GetItem> items, ManyOptions options)
      throws ObjectStoreException {
    Collected collected = new Collected(engine, items, options);
    boolean complete = false;
    try {
      collected.read();
      complete = true;
      return new GetManyResult(collected.outcomes);
    } finally {
      if (!complete) {
        collected.close();
      }
    }
  }

  private void read() throws ObjectStoreException {
    long[] tooMuch = null;
    try (ManyReads reads = new ManyReads(engine, items, options, true)) {
      while (reads.hasNext() && tooMuch == null) {
        if (reads.isTooMuch()) {
          tooMuch = reads.sizes();
        } else {
          Outcome<GetResult> outcome = reads.next();
          outcomes.add(outcome);
          tooMuch = reads.isTooMuch() ? reads.sizes() : null;
          check(tooMuch, outcome, reads.noMemory());
        }
      }
    }
    if (tooMuch != null) {
      close();
      throw doesNotFit(tooMuch);
    }
    if (outcomes.size() < items.size()) {
      Outcome.Failure<?> first = (Outcome.Failure<?>) outcomes.get(outcomes.size() - 1);
      for (int i = outcomes.size(); i < items.size(); i++) {
        outcomes.add(Batch.notTried(OPERATION, i, items.get(i).uri(), first));
      }
    }
  }

  /** What is no matter of one item ends all. */
  private static void check(
      long[] tooMuch, Outcome<GetResult> outcome, ObjectStoreException noMemory)
      throws ObjectStoreException {
    if (tooMuch == null && noMemory != null) {
      throw noMemory;
    }
    if (tooMuch == null
        && outcome.error().isPresent()
        && outcome.error().get().kind() == Kind.CANCELLED) {
      throw outcome.error().get();
    }
  }

  /** Asks for the sizes that are not known yet, to say how much memory all would need. */
  private ObjectStoreException doesNotFit(long[] sizes) throws ObjectStoreException {
    List<Integer> unknown = new ArrayList<>();
    List<ObjectUri> uris = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] < 0) {
        unknown.add(i);
        uris.add(items.get(i).uri());
      }
    }
    int untold = 0;
    for (Outcome<ObjectMeta> head : Batch.head(engine, uris, ManyOptions.DEFAULT)) {
      if (head instanceof Outcome.Success<ObjectMeta> told) {
        int item = unknown.get(head.index());
        sizes[item] = ReadAhead.length(items.get(item), told.value().size());
      } else {
        untold++;
      }
    }
    long needed = 0;
    for (long size : sizes) {
      needed += size < 0 ? 0 : engine.pool().cost(size);
    }
    long limit = engine.pool().limit();
    return new ObjectStoreException(
        Kind.OUT_OF_RESOURCES,
        OPERATION,
        items.get(0).uri(),
        "the results of %d objects need %s of memory (padding included)%s; available are %s of the"
                .formatted(
                    items.size(),
                    Sizes.format(needed),
                    untold == 0 ? "" : ", and more for " + untold + " of unknown size",
                    Sizes.format(Math.max(0, limit - engine.pool().used())))
            + " memory limit of "
            + Sizes.format(limit)
            + ". Read them one after the other with streamMany, or fewer at a time, or raise"
            + " memory-limit",
        null);
  }

  private void close() {
    for (Outcome<GetResult> outcome : outcomes) {
      if (outcome instanceof Outcome.Success<GetResult> read) {
        read.value().close();
      }
    }
    outcomes.clear();
  }
}
