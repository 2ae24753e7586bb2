package io.s3dlio.internal;

import io.s3dlio.GetItem;
import io.s3dlio.GetManyResult;
import io.s3dlio.GetResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.Outcome;
import io.s3dlio.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads many objects and keeps all of them: either there is memory for every one, or for none. */
public final class Collected {

  private static final String OPERATION = "getMany";

  private static final Set<Kind> ENDING_ALL = Set.of(Kind.OUT_OF_RESOURCES, Kind.CANCELLED);

  private final Engine engine;
  private final List<GetItem> items;
  private final ManyOptions options;
  private final KnownSizes sizes;
  private final List<Outcome<GetResult>> outcomes;

  private Collected(Engine engine, List<GetItem> items, ManyOptions options) {
    this.engine = engine;
    this.items = items;
    this.options = options;
    this.sizes = new KnownSizes(engine.pool(), items);
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
    try (ManyReads reads = new ManyReads(engine, items, options, sizes, sizes::areTooMuch)) {
      while (!sizes.areTooMuch() && reads.hasNext()) {
        Outcome<GetResult> outcome = reads.next();
        outcomes.add(outcome);
        if (!sizes.areTooMuch()) {
          check(outcome);
        }
      }
    }
    if (sizes.areTooMuch()) {
      throw doesNotFit();
    }
    if (outcomes.size() < items.size()) {
      Outcome.Failure<?> first = (Outcome.Failure<?>) outcomes.get(outcomes.size() - 1);
      for (int i = outcomes.size(); i < items.size(); i++) {
        outcomes.add(Batch.notTried(OPERATION, i, items.get(i).uri(), first));
      }
    }
  }

  /** What is no matter of one item ends all. */
  private static void check(Outcome<GetResult> outcome) throws ObjectStoreException {
    if (outcome instanceof Outcome.Failure<GetResult> failure
        && ENDING_ALL.contains(failure.why().kind())) {
      throw failure.why();
    }
  }

  /** How much memory all would need; those of unknown size are taken to be like those that came. */
  private ObjectStoreException doesNotFit() {
    close();
    long unknown = (long) items.size() - sizes.known();
    long needed = sizes.cost() + unknown * engine.pool().cost(sizes.mean());
    long limit = engine.pool().limit();
    return new ObjectStoreException(
        Kind.OUT_OF_RESOURCES,
        OPERATION,
        items.get(0).uri(),
        "the results of %d objects need %s%s of memory (padding included%s); available are %s of the"
                .formatted(
                    items.size(),
                    unknown == 0 ? "" : "about ",
                    Sizes.format(needed),
                    unknown == 0 ? "" : ", by the sizes of " + sizes.known() + " of them",
                    Sizes.format(Math.max(0, limit - engine.pool().used())))
            + " memory limit of "
            + Sizes.format(limit)
            + ". Read them one after the other with streamMany, or fewer at a time, or raise"
            + " memory-limit",
        null);
  }

  private void close() {
    new GetManyResult(outcomes).close();
    outcomes.clear();
  }
}
