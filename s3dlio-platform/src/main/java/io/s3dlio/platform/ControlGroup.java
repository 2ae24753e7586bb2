package io.s3dlio.platform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What the control groups around this process grant it, in version 1 and version 2 and in a mix of
 * both. A limit holds for a group and all below it, so the smallest one on the way up counts.
 *
 * <p>Sources: the kernel's documents "Control Group v2" and "cgroup-v1", and proc(5) for {@code
 * mountinfo}.
 *
 * @param cpus the CPUs of the nearest cpuset; empty if there is none
 * @param cpuQuota CPUs' worth of time per second; empty if unlimited
 * @param memoryLimit bytes; empty if unlimited
 */
record ControlGroup(CpuSet cpus, OptionalDouble cpuQuota, OptionalLong memoryLimit) {

  private static final Pattern OCTAL_BLANK = Pattern.compile("\\\\040");

  static ControlGroup ofThisProcess(ProcFiles files) {
    List<String> mounts = files.lines("/proc/self/mountinfo");
    List<String> groups = files.lines("/proc/self/cgroup");

    CpuSet cpus =
        directories("cpuset", mounts, groups).stream()
            .map(directory -> cpus(files, directory))
            .filter(set -> !set.isEmpty())
            .findFirst()
            .orElse(CpuSet.NONE);
    OptionalDouble quota =
        directories("cpu", mounts, groups).stream()
            .map(directory -> quota(files, directory))
            .flatMapToDouble(OptionalDouble::stream)
            .min();
    OptionalLong memory =
        directories("memory", mounts, groups).stream()
            .map(directory -> memory(files, directory))
            .flatMapToLong(OptionalLong::stream)
            .min();
    return new ControlGroup(cpus, quota, memory);
  }

  private static CpuSet cpus(ProcFiles files, String directory) {
    for (String name :
        List.of("/cpuset.cpus.effective", "/cpuset.effective_cpus", "/cpuset.cpus")) {
      CpuSet cpus = ProcFiles.cpuList(files.line(directory + name));
      if (!cpus.isEmpty()) {
        return cpus;
      }
    }
    return CpuSet.NONE;
  }

  private static OptionalDouble quota(ProcFiles files, String directory) {
    List<String> max = ProcFiles.words(files.line(directory + "/cpu.max"));
    if (max.size() != 2) {
      max =
          List.of(
              files.line(directory + "/cpu.cfs_quota_us"),
              files.line(directory + "/cpu.cfs_period_us"));
    }
    long quota = ProcFiles.number(max.get(0)).orElse(-1);
    long period = ProcFiles.number(max.get(1)).orElse(-1);
    return quota > 0 && period > 0
        ? OptionalDouble.of((double) quota / period)
        : OptionalDouble.empty();
  }

  private static OptionalLong memory(ProcFiles files, String directory) {
    OptionalLong limit = ProcFiles.number(files.line(directory + "/memory.max"));
    if (limit.isEmpty()) {
      limit = ProcFiles.number(files.line(directory + "/memory.limit_in_bytes"));
    }
    return limit.orElse(-1) > 0 ? limit : OptionalLong.empty();
  }

  /**
   * The directories of the groups around this process, from its own up to the one that is mounted:
   * those of version 1 if the controller is mounted there, else those of version 2.
   */
  private static List<String> directories(
      String controller, List<String> mounts, List<String> groups) {
    List<String> first = directories(mounts, groups, "cgroup", controller);
    return first.isEmpty() ? directories(mounts, groups, "cgroup2", "") : first;
  }

  private static List<String> directories(
      List<String> mounts, List<String> groups, String type, String controller) {
    for (String line : mounts) {
      // 31 23 0:28 ROOT MOUNT-POINT OPTIONS [more...] - TYPE SOURCE SUPER-OPTIONS
      List<String> words = ProcFiles.words(line);
      int dash = words.indexOf("-");
      if (dash < 6 || words.size() < dash + 4 || !words.get(dash + 1).equals(type)) {
        continue;
      }
      if (controller.isEmpty() || has(words.get(dash + 3), controller)) {
        return upwards(plain(words.get(4)), plain(words.get(3)), group(groups, controller));
      }
    }
    return List.of();
  }

  /** The group of this process: the rest of the line ID:CONTROLLERS:PATH. */
  private static String group(List<String> groups, String controller) {
    for (String line : groups) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3
          && (controller.isEmpty() ? parts[1].isEmpty() : has(parts[1], controller))) {
        return parts[2];
      }
    }
    return "/";
  }

  private static List<String> upwards(String mountPoint, String root, String group) {
    String below;
    if (root.equals("/")) {
      // A group outside of what this container may see is shown as "/..": the mount has to do.
      below = group.contains("/..") ? "" : group;
    } else {
      // A container that sees its own group as the root of the mount may read it by its full name.
      below = group.startsWith(root + "/") ? group.substring(root.length()) : "";
    }
    List<String> directories = new ArrayList<>();
    for (String d = below; d.startsWith("/") && d.length() > 1; d = parent(d)) {
      directories.add(mountPoint + d);
    }
    directories.add(mountPoint);
    return directories;
  }

  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  private static boolean has(String list, String item) {
    return Arrays.asList(list.split(",")).contains(item);
  }

  private static String plain(String path) {
    return OCTAL_BLANK.matcher(path).replaceAll(" ");
  }
}
