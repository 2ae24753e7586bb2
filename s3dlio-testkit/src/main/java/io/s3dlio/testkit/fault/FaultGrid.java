package io.s3dlio.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.testkit.fault.FaultRig.Harm;
import io.s3dlio.testkit.fault.GridScene.After;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Every operation of a store against every fault, each a number of times by seed.
 *
 * <p>A run counts only if its fault struck. After each one the outcome is a success with the right
 * bytes or an error of a kind that the rig allows, never UNKNOWN; the objects, looked at past the
 * faults, are the old ones or the new ones in full; no memory of the pool is taken, and when the
 * store is closed nothing of it is {@linkplain FaultRig#leftovers left}. A cell whose fault finds
 * nothing to strike, as a body in the answer to a HEAD, is not run and says so.
 *
 * @param <F> the faults
 */
public final class FaultGrid<F> {

  /** How many seeds more than runs are tried before a cell counts as one whose fault is rare. */
  private static final int SPARE_SEEDS = 3;

  private final FaultRig<F> rig;
  private final GridPlan plan;
  private final GridReport report;
  private final Map<GridOperation, Map<F, Integer>> chances = new EnumMap<>(GridOperation.class);

  /**
   * Makes a grid.
   *
   * @param name what is tested, for the report
   * @param rig the store
   * @param plan how often what is done
   */
  public FaultGrid(String name, FaultRig<F> rig, GridPlan plan) {
    this.rig = rig;
    this.plan = plan;
    this.report = new GridReport(name, plan);
  }

  /**
   * The cells as tests, in an order in which they have to run.
   *
   * @return a test each
   */
  public Stream<DynamicTest> tests() {
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(DynamicTest.dynamicTest("begin", report::begin));
    for (GridGroup group : plan.groups()) {
      List<GridOperation> operations =
          Stream.of(GridOperation.values())
              .filter(operation -> operation.group() == group && rig.can(operation))
              .toList();
      for (GridOperation operation : operations) {
        tests.add(DynamicTest.dynamicTest(operation + ", no fault", () -> dry(operation)));
      }
      for (GridOperation operation : operations) {
        for (F fault : rig.faults()) {
          tests.add(
              DynamicTest.dynamicTest(operation + ", " + fault, () -> cell(operation, fault)));
        }
      }
    }
    tests.add(
        DynamicTest.dynamicTest(
            "end",
            () ->
                assertThat(report.end())
                    .as("cells with fewer runs that were hit than planned")
                    .isEmpty()));
    return tests.stream();
  }

  private String name(F fault) {
    return fault.toString();
  }

  /** Learns how many requests each fault could hit. */
  private void dry(GridOperation operation) throws Exception {
    GridScene scene = new GridScene(rig, operation, "dry-" + operation, plan.seed());
    GridRun run = new GridRun(scene);
    scene.prepare();
    rig.clear();
    try (ObjectStore store = rig.open()) {
      run.act(store);
      assertThat(store.pool().used()).isZero();
    }
    Map<F, Integer> seen = new HashMap<>();
    rig.faults().forEach(fault -> seen.put(fault, rig.chances(fault)));
    chances.put(operation, seen);
    assertThat(run.differs()).isNull();
    assertThat(scene.check(null, List.of())).isNotIn(After.WRONG, After.DAMAGED);
    assertThat(rig.leftovers()).isEmpty();
  }

  /** How many cells of a group have something to strike. */
  private int cells(GridGroup group) {
    return chances.entrySet().stream()
        .filter(entry -> entry.getKey().group() == group)
        .mapToInt(entry -> (int) entry.getValue().values().stream().filter(n -> n > 0).count())
        .sum();
  }

  private void cell(GridOperation operation, F fault) throws Exception {
    assertThat(chances).as("what has run without faults").containsKey(operation);
    int requests = chances.get(operation).get(fault);
    int runs = requests > 0 ? plan.ofCell(cells(operation.group())) : 0;
    GridCell cell = new GridCell(requests, runs);
    try {
      for (int i = 0; cell.hit < runs; i++) {
        assertThat(i).as("seeds until %d runs were hit", runs).isLessThan(runs * (1 + SPARE_SEEDS));
        try {
          run(operation, fault, plan.seed() * 1_000_003 + i, cell);
        } catch (Exception | AssertionError e) {
          cell.broken = e.getMessage();
          throw new AssertionError(
              "%s, %s, run %d of seed %d: %s"
                  .formatted(operation, fault, i, plan.seed(), e.getMessage()),
              e);
        } finally {
          rig.clear();
        }
      }
    } finally {
      report.ended(operation, name(fault), cell);
    }
  }

  private void run(GridOperation operation, F fault, long runSeed, GridCell cell) throws Exception {
    Random random = new Random(runSeed ^ ((long) operation.ordinal() << 32));
    String name = operation + "-" + name(fault).replace(' ', '-') + "-" + runSeed;
    GridScene scene = new GridScene(rig, operation, name, random.nextLong());
    GridRun run = new GridRun(scene);
    scene.prepare();
    rig.clear();
    rig.prepare(fault);
    ObjectStoreException error = null;
    try (ObjectStore store = rig.open()) {
      int dice = random.nextInt(10);
      rig.arm(
          fault,
          operation,
          1 + random.nextInt(cell.chances),
          dice < 7 ? 1 : dice < 9 ? 2 : Integer.MAX_VALUE,
          random.nextLong());
      try {
        run.act(store);
      } catch (ObjectStoreException e) {
        error = e;
      } finally {
        Thread.interrupted(); // as some rigs give an operation up
      }
      assertThat(store.pool().used()).as("memory of the pool, after %s", error).isZero();
    }
    int fired = rig.fired();
    List<String> leftovers = rig.leftovers();
    int lost = rig.lost();
    After now = scene.check(error, run.failed());
    judge(run, now, error, fired > 0, rig.expect(fault, operation), cell);
    assertThat(leftovers).as("what is left, after %s", error).isEmpty();
    cell.lost += lost;
  }

  private static void judge(
      GridRun run,
      After now,
      ObjectStoreException error,
      boolean hit,
      FaultRig.Expectation expected,
      GridCell cell) {
    Harm harm =
        now == After.WRONG || run.differs() != null
            ? Harm.SILENT
            : now == After.DAMAGED ? Harm.TOLD : Harm.NONE;
    if (!hit) {
      cell.idle++;
      // Where silence is a fault its limit is short, and a slow machine may exceed it by itself.
      if (error == null || !expected.kinds().contains(Kind.TIMEOUT)) {
        assertThat(error).as("nothing was done to it").isNull();
      } else {
        assertThat(error.kind()).as(error.toString()).isEqualTo(Kind.TIMEOUT);
      }
      assertThat(harm).as("wrong bytes: %s", run.differs()).isEqualTo(Harm.NONE);
      return;
    }
    cell.hit++;
    if (error != null) {
      assertThat(error.kind()).as(error.toString()).isIn(expected.kinds());
      cell.failed(error.kind(), now);
    } else if (harm == Harm.NONE) {
      cell.right++;
    }
    assertThat(harm).as("wrong bytes: %s", run.differs()).isLessThanOrEqualTo(expected.harm());
    cell.told += harm == Harm.TOLD ? 1 : 0;
    cell.wrong += harm == Harm.SILENT ? 1 : 0;
  }
}
