package io.s3dlio.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.opentest4j.TestAbortedException;

/** Limits that this kernel really sets. */
@EnabledOnOs(OS.LINUX)
class LimitedProcessTest {

  private final SystemInfo info = SystemInfo.current();

  @Test
  void an_affinity_mask() throws Exception {
    int cpu = twoCpus().stream().max().orElseThrow();
    assertThat(OtherProcess.of(ShowLimits.class).under("taskset", "-c", "" + cpu).run())
        .isEqualTo("allowed 1, usable 1, on nodes " + cpu);
  }

  @Test
  void a_quota() throws Exception {
    twoCpus();
    try (Group group = Group.create("cpu")) {
      group.quota(50_000, 100_000);
      assertThat(group.run()).startsWith("allowed " + info.allowedCpus() + ", usable 1, on nodes ");
      group.quota(150_000, 100_000);
      assertThat(group.run()).contains("usable 2, on nodes ");
    }
  }

  @Test
  void a_cpuset() throws Exception {
    int cpu = twoCpus().stream().max().orElseThrow();
    try (Group group = Group.create("cpuset")) {
      group.cpus(cpu);
      assertThat(group.run()).isEqualTo("allowed 1, usable 1, on nodes " + cpu);
    }
  }

  private CpuSet twoCpus() {
    CpuSet cpus = ProcFiles.cpuList(PinningTest.cpusOfThisThread());
    if (cpus.size() < 2 || info.usableCpus() < 2) {
      throw new TestAbortedException("a limit below what there is needs two CPUs");
    }
    return cpus;
  }

  /** Runs within the limits. */
  static final class ShowLimits {
    public static void main(String[] arguments) {
      SystemInfo info = SystemInfo.current();
      CpuSet cpus = CpuSet.NONE;
      for (NumaNode node : info.numa().nodes()) {
        cpus = cpus.or(node.allowedCpus());
      }
      System.out.print(
          "allowed " + info.allowedCpus() + ", usable " + info.usableCpus() + ", on nodes " + cpus);
    }
  }

  /** A group below that of this process, in version 1 or 2. */
  private record Group(Path directory, boolean first) implements AutoCloseable {

    static Group create(String controller) throws IOException {
      Path version1 = Path.of("/sys/fs/cgroup", controller);
      boolean first = Files.exists(version1.resolve("cgroup.procs"));
      Path directory =
          (first ? version1 : Path.of("/sys/fs/cgroup"))
              .resolve("s3dlio-test-" + ProcessHandle.current().pid());
      try {
        Files.createDirectory(directory);
      } catch (IOException e) {
        throw new TestAbortedException("no control group can be made: " + e);
      }
      Group group = new Group(directory, first);
      if (!Files.exists(directory.resolve(group.file(controller)))) {
        group.close();
        throw new TestAbortedException("the kernel gives new groups no controller " + controller);
      }
      return group;
    }

    private String file(String controller) {
      if (controller.equals("cpuset")) {
        return "cpuset.cpus";
      }
      return first ? "cpu.cfs_quota_us" : "cpu.max";
    }

    void quota(long micros, long period) throws IOException {
      if (first) {
        write("cpu.cfs_period_us", "" + period);
        write("cpu.cfs_quota_us", "" + micros);
      } else {
        write("cpu.max", micros + " " + period);
      }
    }

    void cpus(int cpu) throws IOException {
      write("cpuset.cpus", "" + cpu);
      // Version 1 takes no process before it knows the nodes.
      Path above = directory.resolveSibling("cpuset.mems");
      if (first) {
        write("cpuset.mems", Files.readString(above).strip());
      }
    }

    private void write(String file, String value) throws IOException {
      Files.writeString(directory.resolve(file), value);
    }

    String run() throws IOException, InterruptedException {
      String enter = "echo $$ > " + directory.resolve("cgroup.procs") + " && exec \"$@\"";
      return OtherProcess.of(ShowLimits.class).under("sh", "-c", enter, "sh").run();
    }

    @Override
    public void close() throws IOException {
      Files.delete(directory);
    }
  }
}
