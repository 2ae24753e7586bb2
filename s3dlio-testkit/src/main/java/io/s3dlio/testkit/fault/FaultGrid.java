package io.s3dlio.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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
  private final int runs;
  private final long seed;
  private final Map<GridOperation, Map<String, Cell>> cells = new EnumMap<>(GridOperation.class);

  /** What was seen of an operation under a fault. */
  private static final class Cell {
    int fired;
    int idle;
    int done;
    int noticed;
    int lost;
    final Map<Kind, Integer> failed = new TreeMap<>();
  }

  /**
   * Makes a grid.
   *
   * @param rig the store
   * @param runs in which the fault strikes, of each cell, 1 or more
   * @param seed of the first run of each cell; the others follow it
   */
  public FaultGrid(FaultRig<F> rig, int runs, long seed) {
    this.rig = rig;
    this.runs = runs;
    this.seed = seed;
  }

  /**
   * The cells as tests, in an order in which they have to run.
   *
   * @return a test each
   */
  public Stream<DynamicTest> tests() {
    List<DynamicTest> tests = new ArrayList<>();
    for (GridOperation operation : GridOperation.values()) {
      if (rig.can(operation)) {
        Map<F, Integer> chances = new TreeMap<>((a, b) -> name(a).compareTo(name(b)));
        tests.add(DynamicTest.dynamicTest(operation + ", no fault", () -> dry(operation, chances)));
        for (F fault : rig.faults()) {
          tests.add(
              DynamicTest.dynamicTest(
                  operation + ", " + fault, () -> cell(operation, fault, chances.get(fault))));
        }
      }
    }
    return tests.stream();
  }

  private String name(F fault) {
    return fault.toString();
  }

  /** Learns how many requests each fault could hit. */
  private void dry(GridOperation operation, Map<F, Integer> chances) throws Exception {
    GridScene scene = new GridScene(rig, operation, "dry-" + operation, seed);
    scene.prepare();
    rig.clear();
    try (ObjectStore store = rig.open()) {
      scene.act(store);
      assertThat(store.pool().used()).isZero();
    }
    rig.faults().forEach(fault -> chances.put(fault, rig.chances(fault)));
    assertThat(scene.differs()).isNull();
    assertThat(scene.check(null)).isFalse();
    assertThat(rig.leftovers()).isEmpty();
    scene.clear();
  }

  private void cell(GridOperation operation, F fault, Integer chances) throws Exception {
    assertThat(chances).as("requests in a run without faults").isNotNull();
    Cell cell = new Cell();
    cells.computeIfAbsent(operation, o -> new TreeMap<>()).put(name(fault), cell);
    for (int i = 0; chances > 0 && cell.fired < runs; i++) {
      assertThat(i).as("seeds until %d runs were hit", runs).isLessThan(runs * (1 + SPARE_SEEDS));
      long runSeed = seed * 1_000_003 + i;
      try {
        run(operation, fault, chances, runSeed, cell);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "%s, %s, run %d of seed %d: %s".formatted(operation, fault, i, seed, e.getMessage()),
            e);
      } finally {
        rig.clear();
      }
    }
  }

  private void run(GridOperation operation, F fault, int chances, long runSeed, Cell cell)
      throws Exception {
    Random random = new Random(runSeed ^ ((long) operation.ordinal() << 32));
    String name = operation + "-" + name(fault).replace(' ', '-') + "-" + runSeed;
    GridScene scene = new GridScene(rig, operation, name, random.nextLong());
    scene.prepare();
    rig.clear();
    rig.prepare(fault);
    ObjectStoreException error = null;
    try (ObjectStore store = rig.open()) {
      int dice = random.nextInt(10);
      rig.arm(
          fault,
          operation,
          1 + random.nextInt(chances),
          dice < 7 ? 1 : dice < 9 ? 2 : Integer.MAX_VALUE,
          random.nextLong());
      try {
        scene.act(store);
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
    judge(scene, error, fired > 0 ? rig.expect(fault, operation) : null, cell);
    assertThat(leftovers).as("what is left, after %s", error).isEmpty();
    cell.lost += lost;
    scene.clear();
  }

  private static void judge(
      GridScene scene, ObjectStoreException error, FaultRig.Expectation expected, Cell cell)
      throws ObjectStoreException {
    boolean wrong = scene.check(error) | (error == null && scene.differs() != null);
    if (expected == null) {
      cell.idle++;
      assertThat(error).as("nothing was done to it").isNull();
      assertThat(wrong).isFalse();
      return;
    }
    cell.fired++;
    if (error != null) {
      assertThat(error.kind()).as(error.toString()).isIn(expected.kinds());
      cell.failed.merge(error.kind(), 1, Integer::sum);
    } else if (!wrong) {
      cell.done++;
    }
    if (wrong) {
      assertThat(expected.mayBeWrong()).as("wrong bytes: %s", scene.differs()).isTrue();
      cell.noticed++;
    }
  }

  /**
   * What was seen, for people: a line for each cell with the runs in which the fault struck, and
   * what became of them.
   *
   * @return text with ends of lines
   */
  public String report() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-14s %-32s %5s %5s %5s  %s%n"
            .formatted("operation", "fault", "hit", "done", "wrong", "failed"));
    int total = 0;
    for (Map.Entry<GridOperation, Map<String, Cell>> row : cells.entrySet()) {
      for (Map.Entry<String, Cell> entry : row.getValue().entrySet()) {
        Cell cell = entry.getValue();
        total += cell.fired;
        text.append("%-14s %-32s ".formatted(row.getKey(), entry.getKey()));
        text.append(
            cell.fired + cell.idle == 0
                ? "    - nothing to strike%n".formatted()
                : "%5d %5d %5d  %s%s%s%n"
                    .formatted(
                        cell.fired,
                        cell.done,
                        cell.noticed,
                        cell.failed.isEmpty() ? "" : cell.failed,
                        cell.lost == 0 ? "" : ", uploads lost: " + cell.lost,
                        cell.idle == 0 ? "" : ", not hit: " + cell.idle));
      }
    }
    return text.append("runs that were hit: ")
        .append(total)
        .append(System.lineSeparator())
        .toString();
  }

  /**
   * The cells that were hit less often than they should.
   *
   * @return a line each; those with nothing to strike are not among them
   */
  public List<String> tooFew() {
    List<String> few = new ArrayList<>();
    cells.forEach(
        (operation, row) ->
            row.forEach(
                (fault, cell) -> {
                  if (cell.fired < runs && cell.fired + cell.idle > 0) {
                    few.add(operation + ", " + fault + ": " + cell.fired);
                  }
                }));
    return few;
  }

  /**
   * The cells with nothing to strike, which a test compares with what it expects.
   *
   * @return such as {@code HEAD, cut in answer body}
   */
  public List<String> nothingToStrike() {
    List<String> none = new ArrayList<>();
    cells.forEach(
        (operation, row) ->
            row.forEach(
                (fault, cell) -> {
                  if (cell.fired + cell.idle == 0) {
                    none.add(operation + ", " + fault);
                  }
                }));
    return none;
  }
}
