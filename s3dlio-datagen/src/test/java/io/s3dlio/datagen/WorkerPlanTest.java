package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.platform.CpuSet;
import io.s3dlio.platform.Deployment;
import io.s3dlio.platform.NumaNode;
import io.s3dlio.platform.NumaTopology;
import io.s3dlio.platform.SystemInfo;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the threads of a pool go on machines of all kinds. */
class WorkerPlanTest {

  private static final GeneratorOptions DEFAULTS = GeneratorOptions.DEFAULTS;
  private static final NumaNode ONE = node(0, "0-7", 64, 10);
  private static final NumaNode[] TWO = {node(0, "0-7", 64, 10, 20), node(1, "8-15", 64, 20, 10)};

  @Test
  void half_of_the_cpus_on_every_node() {
    assertThat(plan(DEFAULTS, TWO))
        .hasToString("4 threads on node 0 (CPUs 0-7), 4 threads on node 1 (CPUs 8-15)");
  }

  @Test
  void one_node_is_left_alone_unless_forced() {
    assertThat(plan(DEFAULTS, ONE))
        .hasToString("4 threads; not pinned: all CPUs that may be used are on one NUMA node");
    WorkerPlan forced = plan(DEFAULTS.withNumaMode(NumaMode.FORCE), ONE);
    assertThat(forced).hasToString("4 threads on node 0 (CPUs 0-7)");
    assertThat(forced.teams().get(0).memoryNode()).hasValue(0);
    assertThat(plan(DEFAULTS.withNumaMode(NumaMode.UMA), TWO))
        .hasToString("8 threads; not pinned: the mode is uma");
  }

  @Test
  void a_system_that_tells_nothing_has_plain_threads() {
    for (GeneratorOptions options :
        List.of(DEFAULTS, DEFAULTS.withNumaMode(NumaMode.FORCE), DEFAULTS.withNumaNode(0))) {
      assertThat(plan(options))
          .hasToString("1 thread; not pinned: this system does not tell of any NUMA nodes");
    }
    assertThatThrownBy(() -> plan(DEFAULTS.withNumaNode(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no NUMA node 1: this machine does not tell of any");
  }

  @Test
  void one_node_that_there_is_not() {
    assertThatThrownBy(() -> plan(DEFAULTS.withNumaNode(99), ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no NUMA node 99: this machine has one node, number 0");
  }

  @Test
  void refuses_null_at_once() {
    assertThatNullPointerException().isThrownBy(() -> DEFAULTS.withNumaMode(null));
    for (int missing = 0; missing < 4; missing++) {
      int none = missing;
      assertThatNullPointerException()
          .as("component %d", none)
          .isThrownBy(
              () ->
                  new GeneratorOptions(
                      none == 0 ? null : DEFAULTS.threads(),
                      none == 1 ? null : DEFAULTS.maxCpuFraction(),
                      none == 2 ? null : DEFAULTS.numaNode(),
                      none == 3 ? null : DEFAULTS.numaMode()));
    }
  }

  @Test
  void one_node_of_several() {
    WorkerPlan plan = plan(DEFAULTS.withNumaNode(1), TWO);
    assertThat(plan).hasToString("4 threads on node 1 (CPUs 8-15)");
    assertThat(plan.nodes()).containsExactly(1);
    for (int none : new int[] {99, 2, -1}) {
      assertThatThrownBy(() -> plan(DEFAULTS.withNumaNode(none), TWO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "there is no NUMA node " + none + ": this machine has the nodes numbered 0, 1");
    }
  }

  @Test
  void memory_without_cpus_is_filled_from_the_nearest_node() {
    NumaNode far = node(0, "0-3", 64, 10, 20, 31);
    NumaNode near = node(1, "4-7", 64, 20, 10, 17);
    NumaNode expander = node(2, "", 256, 14, 17, 10);
    assertThat(plan(DEFAULTS.withNumaNode(2), far, near, expander))
        .hasToString("2 threads on node 1 (CPUs 4-7) with memory of node 2");
    assertThat(plan(DEFAULTS, far, near, expander).nodes()).containsExactly(0, 1);
    assertThat(plan(DEFAULTS, far, expander).nodes()).as("nowhere else to run").isEmpty();
  }

  @Test
  void a_node_without_memory_leaves_it_to_the_kernel() {
    WorkerPlan plan = plan(DEFAULTS, node(0, "0-3", 64, 10, 20), node(1, "4-7", 0, 20, 10));
    assertThat(plan.teams().get(0).memoryNode()).hasValue(0);
    assertThat(plan.teams().get(1).memoryNode()).isEmpty();
  }

  @Test
  void a_node_whose_cpus_are_not_allowed_gets_no_thread() {
    NumaNode shut =
        new NumaNode(
            1, CpuSet.parse("8-15"), CpuSet.NONE, OptionalLong.empty(), false, new TreeMap<>());
    assertThat(plan(DEFAULTS, TWO[0], shut).nodes()).isEmpty();
    assertThat(plan(DEFAULTS.withNumaNode(1), TWO[0], shut))
        .hasToString("4 threads on node 0 (CPUs 0-7) with memory of node 1");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,3", "4,3", "8,6", "9,7"})
  void threads_are_spread_as_the_cpus_are(int threads, int onLarge) {
    NumaNode large = node(0, "0-5", 64, 10, 20);
    NumaNode small = node(1, "6-7", 64, 20, 10);
    WorkerPlan plan = plan(DEFAULTS.withThreads(threads), large, small);
    assertThat(plan.threads()).isEqualTo(threads);
    assertThat(plan.teams().get(0).threads()).isEqualTo(onLarge);
  }

  @ParameterizedTest
  @CsvSource({"0.29,100,29", "0.5,3,1", "1,7,7", "0.001,8,1", "0.7,10,7"})
  void fractions_that_are_whole_numbers_of_cpus(double fraction, int cpus, int threads) {
    GeneratorOptions options = DEFAULTS.withMaxCpuFraction(fraction);
    assertThat(WorkerPlan.of(machine(cpus, OptionalDouble.empty()), options).threads())
        .isEqualTo(threads);
  }

  @Test
  void a_quota_counts_for_the_number_of_threads() {
    assertThat(WorkerPlan.of(machine(16, OptionalDouble.of(3.5), TWO), DEFAULTS).threads())
        .isEqualTo(2);
    GeneratorOptions node = DEFAULTS.withNumaNode(1).withMaxCpuFraction(1);
    assertThat(WorkerPlan.of(machine(16, OptionalDouble.of(3.5), TWO), node).threads())
        .isEqualTo(4);
    assertThat(WorkerPlan.of(machine(16, OptionalDouble.of(30), TWO), node).threads()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1025, 10_000})
  void threads_out_of_range_are_refused(int threads) {
    assertThatThrownBy(() -> DEFAULTS.withThreads(threads))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            threads + " generator threads: must be 1 to 1024; this process can use [0-9]+ CPUs");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.001, Double.NaN, Double.POSITIVE_INFINITY})
  void fractions_out_of_range_are_refused(double fraction) {
    assertThatThrownBy(() -> DEFAULTS.withMaxCpuFraction(fraction))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            ".* fraction of "
                + fraction
                + " .*: must be above 0 and at most 1; this process can use [0-9]+ CPUs");
  }

  @Test
  void a_node_and_no_nodes_contradict_each_other() {
    assertThatThrownBy(() -> DEFAULTS.withNumaNode(0).withNumaMode(NumaMode.UMA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NUMA node 0 cannot be had with the mode UMA");
  }

  static WorkerPlan plan(GeneratorOptions options, NumaNode... nodes) {
    int cpus = 0;
    for (NumaNode node : nodes) {
      cpus += node.allowedCpus().size();
    }
    return WorkerPlan.of(machine(Math.max(1, cpus), OptionalDouble.empty(), nodes), options);
  }

  static SystemInfo machine(int cpus, OptionalDouble quota, NumaNode... nodes) {
    return new SystemInfo(
        cpus,
        cpus,
        OptionalInt.empty(),
        quota,
        OptionalLong.empty(),
        OptionalLong.empty(),
        new NumaTopology(List.of(nodes)),
        new Deployment(Deployment.Kind.UNKNOWN, ""));
  }

  static NumaNode node(int id, String cpus, long gibibytes, int... distances) {
    SortedMap<Integer, Integer> row = new TreeMap<>();
    for (int i = 0; i < distances.length; i++) {
      row.put(i, distances[i]);
    }
    CpuSet set = CpuSet.parse(cpus);
    return new NumaNode(id, set, set, OptionalLong.of(gibibytes << 30), true, row);
  }
}
