package io.s3dlio.datagen;

/** Whether the threads of a {@link GeneratorPool} are pinned to NUMA nodes. */
public enum NumaMode {
  /** Where this process may run on two nodes or more. */
  AUTO,
  /** Also where there is one node. */
  FORCE,
  /** Never: memory is taken to be equally far from all CPUs. */
  UMA
}
