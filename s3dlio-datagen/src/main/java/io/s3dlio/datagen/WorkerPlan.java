package io.s3dlio.datagen;

import io.s3dlio.platform.CpuSet;
import io.s3dlio.platform.NumaNode;
import io.s3dlio.platform.NumaTopology;
import io.s3dlio.platform.Pinning;
import io.s3dlio.platform.SystemInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * How many workers a pool has, and where.
 *
 * @param teams those of a node each; one team on no node if they are not pinned
 * @param remark why they are not pinned, or what else people want to know; may be empty
 */
record WorkerPlan(List<Team> teams, String remark) {

  /**
   * Workers that are in one place.
   *
   * @param node where they run, unless anywhere
   * @param memoryNode where their memory comes from, unless that is left to the kernel
   */
  record Team(Optional<NumaNode> node, OptionalInt memoryNode, int threads) {

    CpuSet cpus() {
      return node.orElseThrow().allowedCpus();
    }

    @Override
    public String toString() {
      String text = threads + (threads == 1 ? " thread" : " threads");
      if (node.isEmpty()) {
        return text;
      }
      text += " on node " + node.get().id() + " (CPUs " + cpus() + ")";
      boolean elsewhere = memoryNode.isPresent() && memoryNode.getAsInt() != node.get().id();
      return elsewhere ? text + " with memory of node " + memoryNode.getAsInt() : text;
    }
  }

  /**
   * What the options mean on a machine.
   *
   * @throws IllegalArgumentException if they name a node that it does not have
   */
  static WorkerPlan of(SystemInfo system, GeneratorOptions options) {
    NumaTopology numa = system.numa();
    List<NumaNode> nodes = numa.nodesToRunOn();
    if (options.numaNode().isPresent()) {
      int id = options.numaNode().getAsInt();
      // A machine without nodes is what others have as node 0.
      if (!nodes.isEmpty() || id != 0) {
        return onOne(system, options, numa.node(id));
      }
    }
    int threads = threads(system.usableCpus(), options);
    if (options.numaMode() == NumaMode.UMA) {
      return anywhere(threads, "the mode is uma");
    }
    if (nodes.isEmpty()) {
      return anywhere(threads, "this system does not tell of any NUMA nodes");
    }
    if (nodes.size() == 1 && options.numaMode() == NumaMode.AUTO) {
      return anywhere(threads, "all CPUs that may be used are on one NUMA node");
    }
    return new WorkerPlan(spread(threads, nodes), "");
  }

  private static WorkerPlan onOne(SystemInfo system, GeneratorOptions options, NumaNode memory) {
    NumaNode node = system.numa().nearestToRunOn(memory.id()).orElseThrow();
    int threads = threads(Math.min(system.usableCpus(), node.allowedCpus().size()), options);
    return new WorkerPlan(
        List.of(new Team(Optional.of(node), OptionalInt.of(memory.id()), threads)), "");
  }

  private static WorkerPlan anywhere(int threads, String why) {
    return new WorkerPlan(
        List.of(new Team(Optional.empty(), OptionalInt.empty(), threads)), "not pinned: " + why);
  }

  /** How many threads there are on so many CPUs. */
  static int threads(int cpus, GeneratorOptions options) {
    // A little more, so that 0.29 of 100 is not 28.999999999999996.
    double most = Math.floor(options.maxCpuFraction().orElse(0.5) * cpus + 1e-9);
    int bound = (int) Math.min(GeneratorOptions.MAX_THREADS, Math.max(1, most));
    if (options.threads().isEmpty()) {
      return bound;
    }
    int wanted = options.threads().getAsInt();
    return options.maxCpuFraction().isPresent() ? Math.min(wanted, bound) : wanted;
  }

  /** In proportion to the CPUs: each thread in turn goes where it shares them with the fewest. */
  private static List<Team> spread(int threads, List<NumaNode> nodes) {
    int[] counts = new int[nodes.size()];
    for (int thread = 0; thread < threads; thread++) {
      int best = 0;
      for (int i = 1; i < counts.length; i++) {
        if ((counts[i] + 1L) * nodes.get(best).allowedCpus().size()
            < (counts[best] + 1L) * nodes.get(i).allowedCpus().size()) {
          best = i;
        }
      }
      counts[best]++;
    }
    List<Team> teams = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      NumaNode node = nodes.get(i);
      if (counts[i] > 0) {
        boolean hasMemory = node.memoryAllowed() && node.memoryBytes().orElse(1) > 0;
        OptionalInt memoryNode = hasMemory ? OptionalInt.of(node.id()) : OptionalInt.empty();
        teams.add(new Team(Optional.of(node), memoryNode, counts[i]));
      }
    }
    return teams;
  }

  /** What the system lets be of it: tries every team. */
  WorkerPlan asFarAsAllowed() {
    String refused = "";
    for (Team team : teams) {
      if (team.node().isPresent()) {
        Pinning.Outcome outcome = Pinning.tryOut(team.cpus(), team.memoryNode());
        if (outcome.cpusRefused().isPresent()) {
          return anywhere(threads(), outcome.cpusRefused().get());
        }
        if (outcome.memoryRefused().isPresent()) {
          refused = "memory is not bound to nodes: " + outcome.memoryRefused().get();
        }
      }
    }
    return refused.isEmpty() ? this : new WorkerPlan(teams, refused);
  }

  int threads() {
    return teams.stream().mapToInt(Team::threads).sum();
  }

  /** The nodes on which threads run; none if they are not pinned. */
  List<Integer> nodes() {
    return teams.stream().flatMap(team -> team.node().stream()).map(NumaNode::id).toList();
  }

  @Override
  public String toString() {
    String text = teams.stream().map(Team::toString).collect(Collectors.joining(", "));
    return remark.isEmpty() ? text : text + "; " + remark;
  }
}
