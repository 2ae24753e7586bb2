package io.s3dlio.testkit.fault;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How often a {@link FaultGrid} does what.
 *
 * @param runs in which the fault strikes, of each cell at least, 1 or more
 * @param ofGroup the same, of each group of operations at least, spread over its cells; 0 for no
 *     more than {@code runs} ask for
 * @param seed of the first run of each cell; the others follow it
 * @param groups of operations that are done, one or more
 */
public record GridPlan(int runs, int ofGroup, long seed, Set<GridGroup> groups) {

  /** Checks the numbers and copies the set. */
  public GridPlan {
    if (runs < 1 || ofGroup < 0) {
      throw new IllegalArgumentException(runs + " runs a cell, " + ofGroup + " a group");
    }
    groups = EnumSet.copyOf(groups);
  }

  /**
   * The plan that system properties give: {@code s3dlio.fault.runs}, 1 unless given, {@code
   * s3dlio.fault.of-group}, 0, {@code s3dlio.fault.seed}, 1, and {@code s3dlio.fault.groups}, names
   * in small letters with commas between, all.
   *
   * @return the plan
   */
  public static GridPlan ofProperties() {
    String names = System.getProperty("s3dlio.fault.groups", "");
    return new GridPlan(
        Integer.getInteger("s3dlio.fault.runs", 1),
        Integer.getInteger("s3dlio.fault.of-group", 0),
        Long.getLong("s3dlio.fault.seed", 1),
        names.isEmpty()
            ? EnumSet.allOf(GridGroup.class)
            : Stream.of(names.split(","))
                .map(name -> GridGroup.valueOf(name.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toSet()));
  }

  /** How many runs each of a group's cells has to have. */
  int ofCell(int cells) {
    return Math.max(runs, cells == 0 ? 0 : (ofGroup + cells - 1) / cells);
  }
}
