package io.s3dlio.datagen;

import static io.s3dlio.datagen.PlacementTest.assertCovered;
import static io.s3dlio.datagen.PlacementTest.partsOf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SharedWorkProperties {

  @Property(tries = 200)
  void any_length_is_made_once_by_any_teams(
      @ForAll @IntRange(min = 1, max = 20 << 20) int length,
      @ForAll @IntRange(max = Pages.BLOCK - 1) int phase,
      @ForAll @IntRange(min = 1, max = 4) int one,
      @ForAll @IntRange(max = 3) int other,
      @ForAll @IntRange(max = 3) int third) {
    List<WorkerPlan.Team> teams =
        List.of(one, other, third).stream()
            .filter(threads -> threads > 0)
            .map(t -> new WorkerPlan.Team(Optional.empty(), OptionalInt.empty(), t))
            .toList();
    assertCovered(partsOf(new WorkerPlan(teams, ""), phase, length), phase, length);
  }
}
