package io.s3dlio.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes, cores and distances of machines whose files are written down. */
class NumaTopologyTest {

  private RecordedMachine machine;

  @BeforeEach
  void anywhere(@TempDir Path root) {
    machine = new RecordedMachine(root);
  }

  @Test
  void one_node() {
    SystemInfo info = machine.cpus("0-3").nodes("0").node(0, "0-3", 16, "10").read();
    assertThat(info.numa().isUma()).isTrue();
    assertThat(info.numa().nodes()).hasSize(1);
    NumaNode node = info.numa().node(0);
    assertThat(node.cpus()).hasToString("0-3").isEqualTo(node.allowedCpus());
    assertThat(node.memoryBytes()).hasValue(16L << 30);
    assertThat(node.memoryAllowed()).isTrue();
    assertThat(node.distanceTo(0)).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void many_nodes(int count) {
    machine.cpus("0-" + (count * 16 - 1)).nodes("0-" + (count - 1));
    for (int id = 0; id < count; id++) {
      int self = id;
      String row =
          IntStream.range(0, count)
              .mapToObj(other -> other == self ? "10" : "" + (20 + Math.abs(other - self)))
              .collect(Collectors.joining(" "));
      machine.node(id, id * 16 + "-" + (id * 16 + 15), 64, row);
    }
    NumaTopology numa = machine.read().numa();
    assertThat(numa.isUma()).isFalse();
    assertThat(numa.nodes()).hasSize(count).allMatch(node -> node.cpus().size() == 16);
    assertThat(numa.nodesToRunOn()).isEqualTo(numa.nodes());
    assertThat(numa.node(0).distanceTo(count - 1)).isEqualTo(20 + count - 1);
    assertThat(numa.node(count - 1).distanceTo(0)).isEqualTo(20 + count - 1);
    assertThat(numa.nearestToRunOn(1)).contains(numa.node(1));
  }

  /** Two sockets of two clusters each; a core's second CPU is numbered after all the first. */
  @Test
  void sub_numa_clusters() {
    machine
        .cpus("0-15")
        .nodes("0-3")
        .node(0, "0-1,8-9", 48, "10 12 21 21")
        .node(1, "2-3,10-11", 48, "12 10 21 21")
        .node(2, "4-5,12-13", 48, "21 21 10 12")
        .node(3, "6-7,14-15", 48, "21 21 12 10");
    for (int core = 0; core < 8; core++) {
      machine.core(core + "," + (core + 8));
    }
    SystemInfo info = machine.allowed("4-7,14", "0-3").read();
    assertThat(info.physicalCores()).isEqualTo(OptionalInt.of(8));
    assertThat(info.onlineCpus()).isEqualTo(16);
    assertThat(info.allowedCpus()).isEqualTo(5);
    assertThat(info.numa().nodesToRunOn()).extracting(NumaNode::id).containsExactly(2, 3);
    assertThat(info.numa().node(3).cpus()).hasToString("6-7,14-15");
    assertThat(info.numa().node(3).allowedCpus()).hasToString("6-7,14");
    assertThat(info.numa().nearestToRunOn(0)).contains(info.numa().node(2));
  }

  @Test
  void nodes_that_have_only_memory_or_only_cpus() {
    NumaTopology numa =
        machine
            .cpus("0-7")
            .nodes("0-3")
            .node(0, "0-3", 64, "10 20 30 14")
            .node(1, "4-7", 0, "20 10 17 24")
            .node(2, "", 256, "30 17 10 40")
            .node(3, "", 256, "14 24 40 10")
            .read()
            .numa();
    assertThat(numa.nodesToRunOn()).extracting(NumaNode::id).containsExactly(0, 1);
    assertThat(numa.node(1).memoryBytes()).hasValue(0);
    assertThat(numa.node(2).cpus()).isEqualTo(CpuSet.NONE);
    assertThat(numa.nearestToRunOn(2)).contains(numa.node(1));
    assertThat(numa.nearestToRunOn(3)).contains(numa.node(0));
  }

  /** It is the way from the CPUs to the memory that counts. */
  @Test
  void distances_that_differ_by_direction() {
    NumaTopology numa =
        machine
            .cpus("0-3")
            .nodes("0-2")
            .node(0, "0-1", 64, "10 20 40")
            .node(1, "2-3", 64, "20 10 30")
            .node(2, "", 256, "15 35 10")
            .read()
            .numa();
    assertThat(numa.node(2).distanceTo(0)).isEqualTo(15);
    assertThat(numa.node(0).distanceTo(2)).isEqualTo(40);
    assertThat(numa.nearestToRunOn(2)).contains(numa.node(1));
  }

  @Test
  void cpus_that_are_switched_off_and_gaps_in_the_numbers() {
    SystemInfo info =
        machine
            .cpus("0-2,5")
            .core("0-1")
            .core("2-3")
            .core("4-5")
            .nodes("0,8")
            .node(0, "0-3", 64, "10 40")
            .node(8, "4-7", 64, "40 10")
            .read();
    assertThat(info.numa().node(0).cpus()).hasToString("0-2");
    assertThat(info.numa().node(8).cpus()).hasToString("5");
    assertThat(info.numa().node(0).distanceTo(8)).isEqualTo(40);
    assertThat(info.physicalCores()).isEqualTo(OptionalInt.of(3));
    assertThatThrownBy(() -> info.numa().node(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no NUMA node 1: this machine has the nodes numbered 0, 8");
  }

  @Test
  void the_affinity_and_the_nested_cpuset_of_version_2_hold_for_every_node() {
    twoNodes("0-7")
        .allowed("1-6", "1")
        .file("/proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw")
        .file("/proc/self/cgroup", "0::/outer/inner")
        .file("/sys/fs/cgroup/cpuset.cpus.effective", "0-7")
        .file("/sys/fs/cgroup/outer/cpuset.cpus.effective", "0-5")
        .file("/sys/fs/cgroup/outer/inner/cpuset.cpus.effective", "3-5")
        .file("/sys/fs/cgroup/outer/cpu.max", "150000 100000");
    SystemInfo info = machine.read();
    assertThat(info.numa().node(0).allowedCpus()).hasToString("3");
    assertThat(info.numa().node(1).allowedCpus()).hasToString("4-5");
    assertThat(info.numa().node(0).memoryAllowed()).isFalse();
    assertThat(info.numa().node(1).memoryAllowed()).isTrue();
    assertThat(info.allowedCpus()).isEqualTo(3);
    assertThat(info.usableCpus()).isEqualTo(2);
  }

  @Test
  void the_nested_cpuset_and_quota_of_version_1_hold_for_every_node() {
    twoNodes("0-7")
        .file(
            "/proc/self/mountinfo",
            "31 30 0:33 / /cg/cpuset rw - cgroup cgroup rw,cpuset\n"
                + "32 30 0:34 / /cg/cpu rw - cgroup cgroup rw,cpu")
        .file("/proc/self/cgroup", "3:cpuset:/a/b\n1:cpu:/a/b")
        .file("/cg/cpuset/cpuset.cpus", "0-7")
        .file("/cg/cpuset/a/cpuset.cpus", "2-5")
        .file("/cg/cpuset/a/b/cpuset.cpus", "")
        .file("/cg/cpu/a/cpu.cfs_quota_us", "250000")
        .file("/cg/cpu/a/cpu.cfs_period_us", "100000")
        .file("/cg/cpu/a/b/cpu.cfs_quota_us", "-1")
        .file("/cg/cpu/a/b/cpu.cfs_period_us", "100000");
    SystemInfo info = machine.read();
    assertThat(info.numa().node(0).allowedCpus()).hasToString("2-3");
    assertThat(info.numa().node(1).allowedCpus()).hasToString("4-5");
    assertThat(info.usableCpus()).isEqualTo(3);
  }

  @Test
  void no_file_no_node() {
    SystemInfo info = machine.read();
    assertThat(info.numa()).isEqualTo(NumaTopology.UNKNOWN);
    assertThat(info.numa().isUma()).isTrue();
    assertThat(info.numa().nearestToRunOn(0)).isEmpty();
    assertThat(info.physicalCores()).isEmpty();
    assertThatThrownBy(() -> info.numa().node(0)).hasMessageContaining("does not tell of any");
  }

  @Test
  void a_node_that_says_nothing_is_passed_over() {
    twoNodes("0-7").nodes("0-2").file("/sys/devices/system/node/node2/cpulist", "eight");
    assertThat(machine.ids()).containsExactly(0, 1);
  }

  @Test
  void damaged_distances_are_those_that_the_kernel_assumes() {
    for (String row : List.of("", "10", "10 x", "10 0", "10 20 30", "10 99999999999999999999")) {
      NumaNode node = twoNodes("0-7").node(0, "0-3", 64, row).read().numa().node(0);
      assertThat(node.distances()).as(row).hasToString("{0=10, 1=20}");
    }
    assertThat(machine.read().numa().node(0).distanceTo(7)).isEqualTo(20);
  }

  @Test
  void a_cpu_of_two_nodes_is_left_to_the_first() {
    NumaTopology numa = twoNodes("0-7").node(1, "3-7", 64, "20 10").read().numa();
    assertThat(numa.node(0).cpus()).hasToString("0-3");
    assertThat(numa.node(1).cpus()).hasToString("4-7");
  }

  @Test
  void nodes_without_any_cpu_of_this_process_are_none() {
    assertThat(twoNodes("0-7").cpus("8-9").ids()).isEmpty();
  }

  @Test
  void too_many_nodes_are_none() {
    assertThat(twoNodes("0-7").nodes("0-1048575").ids()).isEmpty();
    assertThat(machine.nodes("nonsense").ids()).isEmpty();
  }

  @Test
  void without_the_list_of_cpus_the_nodes_tell() {
    machine.nodes("0-1").node(0, "0-3", 64, "10 20").node(1, "4-7", 64, "20 10");
    machine.allowed("0-5", "0-1");
    assertThat(machine.read().numa().node(1).allowedCpus()).hasToString("4-5");
  }

  @Test
  void memory_that_is_not_told_is_unknown() {
    twoNodes("0-7").file("/sys/devices/system/node/node1/meminfo", "Node 1 MemTotal: lots");
    assertThat(machine.read().numa().node(1).memoryBytes()).isEqualTo(OptionalLong.empty());
  }

  @Test
  void a_file_of_many_megabytes_does_no_harm() {
    machine.cpus("0-3").nodes("0").node(0, "0-3", 16, "10");
    machine.file("/sys/devices/system/node/node0/distance", "10 ".repeat(4 << 20));
    assertThat(machine.read().numa().node(0).distanceTo(0)).isEqualTo(10);
    assertThat(new ProcFiles(Path.of("/")).lines("/dev/zero")).hasSize(1);
  }

  @Test
  void a_cpu_that_does_not_tell_its_core_leaves_the_number_unknown() {
    assertThat(machine.cpus("0-3").core("0-1").core("2").read().physicalCores()).isEmpty();
    machine.file("/sys/devices/system/cpu/cpu3/topology/thread_siblings_list", "3");
    assertThat(machine.read().physicalCores()).isEqualTo(OptionalInt.of(3));
  }

  private RecordedMachine twoNodes(String cpus) {
    return machine.cpus(cpus).nodes("0-1").node(0, "0-3", 64, "10 20").node(1, "4-7", 64, "20 10");
  }
}
