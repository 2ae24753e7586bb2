package io.s3dlio.checkpoint.fault;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How much of a grid is gone through. {@code -Ds3dlio.checkpoint.faults=all} takes all points; else
 * a build takes some. {@code -Ds3dlio.checkpoint.actions=save,load} takes those of some actions.
 */
final class Campaign {

  /** Whether all points are taken. */
  static final boolean ALL = "all".equals(System.getProperty("s3dlio.checkpoint.faults"));

  private static final String CHOSEN = System.getProperty("s3dlio.checkpoint.actions", "");

  private Campaign() {}

  /** The actions that are struck: of a build, so many. */
  static List<Action> actions(Action... ofBuild) {
    if (CHOSEN.isEmpty()) {
      return List.of(ALL ? Action.values() : ofBuild);
    }
    return Arrays.stream(CHOSEN.toUpperCase(Locale.ROOT).split(",")).map(Action::valueOf).toList();
  }

  /** How many points there are at least, if all of a campaign or all of a build are taken. */
  static int least(int ofAll, int ofBuild) {
    return !CHOSEN.isEmpty() ? 0 : ALL ? ofAll : ofBuild;
  }
}
