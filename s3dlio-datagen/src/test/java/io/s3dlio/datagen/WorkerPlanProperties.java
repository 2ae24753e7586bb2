package io.s3dlio.datagen;

import static io.s3dlio.datagen.WorkerPlanTest.machine;
import static io.s3dlio.datagen.WorkerPlanTest.node;
import static io.s3dlio.datagen.WorkerPlanTest.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.platform.NumaNode;
import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** How many threads a pool has, and how they are spread, for any machine. */
class WorkerPlanProperties {

  private static final GeneratorOptions DEFAULTS = GeneratorOptions.DEFAULTS;

  @Property
  void every_thread_is_somewhere_and_none_would_have_more_of_a_cpu_elsewhere(
      @ForAll @IntRange(min = 1, max = 300) int threads,
      @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 1, max = 64) Integer> cpus) {
    NumaNode[] nodes = new NumaNode[cpus.size()];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = node(2 * i, 64 * i + "-" + (64 * i + cpus.get(i) - 1), 1);
    }
    WorkerPlan plan = plan(DEFAULTS.withThreads(threads), nodes);
    assertThat(plan.threads()).isEqualTo(threads);
    for (WorkerPlan.Team team : plan.teams()) {
      for (NumaNode other : nodes) {
        int there =
            plan.teams().stream()
                .filter(t -> t.node().orElseThrow().equals(other))
                .mapToInt(WorkerPlan.Team::threads)
                .sum();
        assertThat(team.threads() * other.cpus().size())
            .isLessThanOrEqualTo((there + 1) * team.cpus().size());
      }
    }
  }

  @Property
  void the_fraction_bounds_the_threads(
      @ForAll @IntRange(min = 1, max = 1000) int cpus,
      @ForAll @DoubleRange(min = 0.01, max = 1) double fraction,
      @ForAll @IntRange(min = 1, max = 1024) int wanted) {
    GeneratorOptions options = DEFAULTS.withMaxCpuFraction(fraction);
    int most = WorkerPlan.of(machine(cpus, OptionalDouble.empty()), options).threads();
    assertThat(most).isBetween(1, (int) Math.max(1, Math.ceil(fraction * cpus)));
    assertThat((double) most).isGreaterThan(fraction * cpus - 1);
    int both =
        WorkerPlan.of(machine(cpus, OptionalDouble.empty()), options.withThreads(wanted)).threads();
    assertThat(both).isEqualTo(Math.min(most, wanted));
  }
}
