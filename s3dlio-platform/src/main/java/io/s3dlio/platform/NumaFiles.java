package io.s3dlio.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the machine's nodes and cores below {@code /sys/devices/system}.
 *
 * <p>Sources: the kernel's documents {@code ABI/stable/sysfs-devices-node} and {@code
 * admin-guide/cputopology}.
 */
final class NumaFiles {

  private static final String NODES = "/sys/devices/system/node/";

  /** The kernel has 1,024 at most; a list that says otherwise is damaged. */
  private static final int MAX_NODES = 1024;

  private static final int MAX_DISTANCE = 255;

  private final ProcFiles files;
  private final CpuSet online;
  private final CpuSet allowed;

  /**
   * A reader.
   *
   * @param online the CPUs that are switched on, empty if unknown
   * @param allowed the CPUs that this process may run on, empty if unknown
   */
  NumaFiles(ProcFiles files, CpuSet online, CpuSet allowed) {
    this.files = files;
    this.online = online;
    this.allowed = allowed;
  }

  /**
   * The nodes. One whose CPUs and memory are both unknown is passed over. A CPU that two nodes
   * claim is left to the one with the lower number. Where no node has a CPU that this process may
   * run on, the files contradict each other, and no node is known.
   */
  NumaTopology topology() {
    List<Integer> ids = ProcFiles.cpuList(files.line(NODES + "online")).stream().boxed().toList();
    if (ids.size() > MAX_NODES) {
      return NumaTopology.UNKNOWN;
    }
    CpuSet memoryAllowed = ProcFiles.cpuList(files.field("/proc/self/status", "Mems_allowed_list"));
    CpuSet taken = CpuSet.NONE;
    List<NumaNode> nodes = new ArrayList<>();
    for (int id : ids) {
      String directory = NODES + "node" + id + "/";
      CpuSet listed = ProcFiles.cpuList(files.line(directory + "cpulist"));
      OptionalLong memory =
          ProcFiles.kibibytes(files.field(directory + "meminfo", "Node " + id + " MemTotal"));
      if (listed.isEmpty() && memory.isEmpty()) {
        continue;
      }
      CpuSet cpus = (online.isEmpty() ? listed : listed.and(online)).without(taken);
      taken = taken.or(cpus);
      nodes.add(
          new NumaNode(
              id,
              cpus,
              cpus.and(allowed),
              memory,
              memoryAllowed.isEmpty() || memoryAllowed.contains(id),
              distances(id, ids)));
    }
    NumaTopology topology = new NumaTopology(nodes);
    return topology.nodesToRunOn().isEmpty() ? NumaTopology.UNKNOWN : topology;
  }

  /** The row of a node; all of it is as the kernel assumes if any of it is damaged. */
  private SortedMap<Integer, Integer> distances(int id, List<Integer> ids) {
    List<String> row = ProcFiles.words(files.line(NODES + "node" + id + "/distance"));
    SortedMap<Integer, Integer> distances = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      long distance = row.size() == ids.size() ? ProcFiles.number(row.get(i)).orElse(-1) : -1;
      if (distance < NumaNode.LOCAL_DISTANCE || distance > MAX_DISTANCE) {
        return assumed(id, ids);
      }
      distances.put(ids.get(i), (int) distance);
    }
    return distances;
  }

  private static SortedMap<Integer, Integer> assumed(int id, List<Integer> ids) {
    SortedMap<Integer, Integer> distances = new TreeMap<>();
    for (int other : ids) {
      distances.put(other, other == id ? NumaNode.LOCAL_DISTANCE : NumaNode.REMOTE_DISTANCE);
    }
    return distances;
  }

  /** The cores of the CPUs that are switched on; empty if one of them does not tell its core. */
  OptionalInt physicalCores() {
    CpuSet left = online;
    int cores = 0;
    while (!left.isEmpty()) {
      int cpu = left.stream().iterator().nextInt();
      String topology = "/sys/devices/system/cpu/cpu" + cpu + "/topology/";
      CpuSet threads = ProcFiles.cpuList(files.line(topology + "core_cpus_list"));
      if (threads.isEmpty()) { // before Linux 5.3
        threads = ProcFiles.cpuList(files.line(topology + "thread_siblings_list"));
      }
      if (!threads.contains(cpu)) {
        return OptionalInt.empty();
      }
      left = left.without(threads);
      cores++;
    }
    return cores == 0 ? OptionalInt.empty() : OptionalInt.of(cores);
  }
}
