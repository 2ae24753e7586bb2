package io.s3dlio.platform;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The NUMA nodes of the machine.
 *
 * @param nodes by ascending number; empty where the system does not tell of any
 */
public record NumaTopology(List<NumaNode> nodes) {

  /** A machine that does not tell. */
  static final NumaTopology UNKNOWN = new NumaTopology(List.of());

  /** Keeps a copy. */
  public NumaTopology {
    nodes = List.copyOf(nodes);
  }

  /**
   * Whether all memory is equally far from all CPUs, as far as is known.
   *
   * @return true if there are not two nodes; a node that has memory only counts
   */
  public boolean isUma() {
    return nodes.size() < 2;
  }

  /**
   * A node by its number.
   *
   * @param id the number
   * @return the node
   * @throws IllegalArgumentException if the machine has no such node; the message names those that
   *     it has
   */
  public NumaNode node(int id) {
    return nodes.stream()
        .filter(node -> node.id() == id)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no NUMA node " + id + ": this machine " + describe()));
  }

  /**
   * The nodes with CPUs that this process may run on.
   *
   * @return by ascending number; empty where the system does not tell of any
   */
  public List<NumaNode> nodesToRunOn() {
    return nodes.stream().filter(node -> !node.allowedCpus().isEmpty()).toList();
  }

  /**
   * Where to run to be near the memory of a node: on the node itself if it has CPUs that this
   * process may run on, else on that one of the others from which its memory is least far (of
   * several that one with the lowest number).
   *
   * @param id the number of the node that has the memory
   * @return the node that has the CPUs; empty where the system does not tell of any
   */
  public Optional<NumaNode> nearestToRunOn(int id) {
    return nodesToRunOn().stream()
        .min(
            Comparator.comparing((NumaNode node) -> node.id() != id)
                .thenComparing(node -> node.distanceTo(id)));
  }

  private String describe() {
    if (nodes.isEmpty()) {
      return "does not tell of any";
    }
    String numbers =
        nodes.stream().map(node -> Integer.toString(node.id())).collect(Collectors.joining(", "));
    // "Has 0" would be read as a count.
    return nodes.size() == 1
        ? "has one node, number " + numbers
        : "has the nodes numbered " + numbers;
  }
}
