package io.s3dlio.platform;

import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * CPUs, memory and NUMA nodes that this process may use, as the kernel and its control groups say.
 *
 * <p>Everything is read from files ({@code /proc}, {@code /sys}); nothing is called natively. A
 * file that is absent or makes no sense is passed over: on a system without them the answers are
 * those of {@link Runtime#availableProcessors()}, and all else is unknown. Files that contradict
 * each other are settled as the documentation of each answer says; none of them is an error.
 *
 * @param onlineCpus CPUs that the machine has switched on, 1 or more
 * @param allowedCpus of these, the ones that this process may run on (its affinity mask and its
 *     cpuset), 1 or more
 * @param physicalCores cores of the CPUs that are switched on, 1 or more; a hypervisor may show
 *     others than the machine has. Empty if unknown
 * @param cpuQuota how many CPUs' worth of time the control group grants, above 0; empty if it
 *     grants as much as there is
 * @param memoryBytes the machine's memory in bytes; empty if unknown
 * @param memoryLimitBytes the memory in bytes that the control group grants; empty if it is not
 *     limited, or not below {@code memoryBytes}
 * @param numa the NUMA nodes
 * @param deployment on what this process runs
 */
public record SystemInfo(
    int onlineCpus,
    int allowedCpus,
    OptionalInt physicalCores,
    OptionalDouble cpuQuota,
    OptionalLong memoryBytes,
    OptionalLong memoryLimitBytes,
    NumaTopology numa,
    Deployment deployment) {

  /**
   * What holds for this process now. Limits can be changed while it runs; whoever sizes something
   * by them reads them once.
   *
   * @return the answers, read afresh
   */
  public static SystemInfo current() {
    return read(Path.of("/"));
  }

  /**
   * The CPUs' worth of time that this process can use: the CPUs it may run on, or the quota
   * (rounded up) if that is less.
   *
   * @return 1 or more
   */
  public int usableCpus() {
    if (cpuQuota.isEmpty()) {
      return allowedCpus;
    }
    return (int) Math.max(1, Math.min(allowedCpus, Math.ceil(cpuQuota.getAsDouble())));
  }

  /** The same from the files below a directory, which stands for the root of the file system. */
  static SystemInfo read(Path root) {
    ProcFiles files = new ProcFiles(root);
    ControlGroup group = ControlGroup.ofThisProcess(files);
    int otherwise = Runtime.getRuntime().availableProcessors();

    CpuSet online = ProcFiles.cpuList(files.line("/sys/devices/system/cpu/online"));
    // A kernel without hot-plugging reports CPUs in the mask that the machine does not have.
    CpuSet allowed =
        ProcFiles.cpuList(files.field("/proc/self/status", "Cpus_allowed_list"))
            .narrowedTo(online)
            .narrowedTo(group.cpus());
    int allowedCpus = allowed.isEmpty() ? otherwise : allowed.size();
    int onlineCpus = online.isEmpty() ? allowedCpus : online.size();

    OptionalLong memory = ProcFiles.kibibytes(files.field("/proc/meminfo", "MemTotal"));
    OptionalLong limit = group.memoryLimit();
    if (limit.isPresent() && limit.getAsLong() >= memory.orElse(Long.MAX_VALUE)) {
      limit = OptionalLong.empty();
    }
    NumaFiles numa = new NumaFiles(files, online, allowed);
    return new SystemInfo(
        onlineCpus,
        allowedCpus,
        numa.physicalCores(),
        group.cpuQuota(),
        memory,
        limit,
        numa.topology(),
        Deployment.read(files));
  }
}
