package io.s3dlio.platform;

import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A part of the machine in which all CPUs are equally far from all memory.
 *
 * @param id the number of the node, 0 or more; there may be gaps between the numbers of a machine
 * @param cpus its CPUs that are switched on; empty for a node that has memory only
 * @param allowedCpus of these, the ones that this process may run on (its affinity mask and its
 *     cpuset)
 * @param memoryBytes its memory in bytes, 0 for a node that has CPUs only; empty if unknown
 * @param memoryAllowed whether this process may have memory of this node (its cpuset)
 * @param distances how far memory is from CPUs of this node: for each node of the machine its
 *     number and the distance, which is in tenths of that of a node's own memory, 10 to 255. The
 *     firmware tells them; they need not be the same both ways
 */
public record NumaNode(
    int id,
    CpuSet cpus,
    CpuSet allowedCpus,
    OptionalLong memoryBytes,
    boolean memoryAllowed,
    SortedMap<Integer, Integer> distances) {

  /** What the kernel assumes where the firmware does not tell ({@code topology.h}). */
  static final int LOCAL_DISTANCE = 10;

  static final int REMOTE_DISTANCE = 20;

  /** Keeps a copy of the distances. */
  public NumaNode {
    distances = Collections.unmodifiableSortedMap(new TreeMap<>(distances));
  }

  /**
   * How far the memory of a node is from CPUs of this one.
   *
   * @param other the number of the node
   * @return the distance; where it is not known 10 to the node itself and 20 to any other, as the
   *     kernel assumes
   */
  public int distanceTo(int other) {
    return distances.getOrDefault(other, other == id ? LOCAL_DISTANCE : REMOTE_DISTANCE);
  }
}
