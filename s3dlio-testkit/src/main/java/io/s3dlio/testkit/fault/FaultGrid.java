package io.s3dlio.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static final String LINE = "%-14s %-24s %5s %5s %5s  %s";

  /** Where reports are written. */
  private static final Path REPORTS = Path.of("target", "fault-grid");

  private final String name;
  private final FaultRig<F> rig;
  private final int runs;
  private final long seed;
  private final Map<GridOperation, Map<String, Cell>> cells = new EnumMap<>(GridOperation.class);

  /** What was seen of an operation under a fault. */
  private static final class Cell {
    final int chances;
    int fired;
    int idle;
    int done;
    int noticed;
    int lost;
    final Map<Kind, Integer> failed = new TreeMap<>();

    Cell(int chances) {
      this.chances = chances;
    }

    String line(GridOperation operation, String fault) {
      if (chances == 0) {
        return LINE.formatted(operation, fault, "-", "-", "-", "nothing to strike");
      }
      List<String> rest = new ArrayList<>();
      failed.forEach((kind, times) -> rest.add(kind + " " + times));
      if (lost > 0) {
        rest.add("uploads lost " + lost);
      }
      if (idle > 0) {
        rest.add("not hit " + idle);
      }
      return LINE.formatted(operation, fault, fired, done, noticed, String.join(", ", rest))
          .stripTrailing();
    }
  }

  /**
   * Makes a grid.
   *
   * @param name what is tested, for the report
   * @param rig the store
   * @param runs in which the fault strikes, of each cell, 1 or more
   * @param seed of the first run of each cell; the others follow it
   */
  public FaultGrid(String name, FaultRig<F> rig, int runs, long seed) {
    this.name = name;
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
    tests.add(DynamicTest.dynamicTest("report", this::report));
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
  }

  private void cell(GridOperation operation, F fault, Integer chances) throws Exception {
    assertThat(chances).as("requests in a run without faults").isNotNull();
    Cell cell = new Cell(chances);
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

  /** Writes what was seen, for people; fails if a cell was hit less often than it should. */
  private void report() throws IOException {
    List<String> lines = new ArrayList<>();
    List<String> tooFew = new ArrayList<>();
    lines.add("%s: %d runs a cell, seed %d".formatted(name, runs, seed));
    lines.add(LINE.formatted("operation", "fault", "hit", "done", "wrong", "failed"));
    int total = 0;
    for (GridOperation operation : cells.keySet()) {
      for (Map.Entry<String, Cell> entry : cells.get(operation).entrySet()) {
        Cell cell = entry.getValue();
        lines.add(cell.line(operation, entry.getKey()));
        total += cell.fired;
        if (cell.chances > 0 && cell.fired < runs) {
          tooFew.add(operation + ", " + entry.getKey() + ": " + cell.fired);
        }
      }
    }
    lines.add("%s: %d runs that were hit".formatted(name, total));
    Files.createDirectories(REPORTS);
    Files.write(REPORTS.resolve(name.replaceAll("[^a-z0-9]+", "-") + ".txt"), lines);
    assertThat(tooFew).as("cells with fewer than %d runs that were hit", runs).isEmpty();
  }
}
