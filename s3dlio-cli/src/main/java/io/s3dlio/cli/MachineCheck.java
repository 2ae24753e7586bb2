package io.s3dlio.cli;

import io.s3dlio.ObjectStores;
import io.s3dlio.Sizes;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorKernel;
import io.s3dlio.datagen.GeneratorPool;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.platform.CpuSet;
import io.s3dlio.platform.NumaNode;
import io.s3dlio.platform.NumaTopology;
import io.s3dlio.platform.SystemInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What this machine and its JVM can do. */
final class MachineCheck {

  private static final int SAMPLE = 1 << 16;
  private static final long TRIED_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Checkup checkup;

  MachineCheck(Checkup checkup) {
    this.checkup = checkup;
  }

  /**
   * Looks.
   *
   * @param directory where files are to be read and written
   */
  void run(Path directory) throws IOException {
    SystemInfo system = SystemInfo.current();
    checkup.ok("s3dlio", Version.text() + ", stores: " + String.join(", ", ObjectStores.schemes()));
    checkup.ok(
        "java",
        System.getProperty("java.version")
            + " ("
            + System.getProperty("java.vm.name")
            + ", "
            + System.getProperty("java.home")
            + ")");
    encoding();
    machine(system);
    cpus(system);
    nodes(system.numa());
    memory(system);
    generator();
    generatorThreads(system.numa());
    directIo(directory);
  }

  private void encoding() throws IOException {
    String encoding = System.getProperty("sun.jnu.encoding", "unknown");
    if (encoding.equalsIgnoreCase("UTF-8")) {
      checkup.ok("file names", encoding);
    } else {
      checkup.warn(
          "file names", encoding + ": names that are not ASCII cannot be used; set LC_ALL=C.UTF-8");
    }
  }

  private void machine(SystemInfo system) throws IOException {
    String kind = system.deployment().kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    checkup.ok("machine", kind + " (" + system.deployment().evidence() + ")");
  }

  private void cpus(SystemInfo system) throws IOException {
    String quota =
        system.cpuQuota().isPresent()
            ? "quota of " + Units.digits(system.cpuQuota().getAsDouble()) + " CPUs"
            : "no quota";
    OptionalInt cores = system.physicalCores();
    checkup.ok(
        "cpus",
        system.usableCpus()
            + " usable: "
            + system.allowedCpus()
            + " allowed of "
            + system.onlineCpus()
            + (cores.isPresent() ? " (" + Units.count(cores.getAsInt(), "core") + "), " : ", ")
            + quota);
  }

  private void nodes(NumaTopology numa) throws IOException {
    if (numa.nodes().isEmpty()) {
      checkup.ok("numa", "this system does not tell of any nodes");
      return;
    }
    checkup.ok(
        "numa",
        Units.count(numa.nodes().size(), "node")
            + numa.nodes().stream()
                .map(MachineCheck::describe)
                .collect(Collectors.joining("; ", ": ", "")));
  }

  /** Such as {@code 0 with CPUs 0-7, 64GiB}. */
  static String describe(NumaNode node) {
    String cpus = node.cpus().isEmpty() ? "no CPUs" : "CPUs " + node.cpus();
    if (!node.allowedCpus().equals(node.cpus())) {
      cpus += " (" + mayBeUsed(node.allowedCpus()) + " may be used)";
    }
    String memory =
        node.memoryBytes().isPresent()
            ? Sizes.format(node.memoryBytes().getAsLong())
            : "unknown memory";
    return node.id()
        + " with "
        + cpus
        + ", "
        + memory
        + (node.memoryAllowed() ? "" : " (not allowed)");
  }

  private static String mayBeUsed(CpuSet cpus) {
    return switch (cpus.size()) {
      case 0 -> "none of them";
      case 1 -> "of these CPU " + cpus + " alone";
      default -> "of these CPUs " + cpus + " alone";
    };
  }

  private void memory(SystemInfo system) throws IOException {
    String machine =
        system.memoryBytes().isPresent()
            ? Sizes.format(system.memoryBytes().getAsLong())
            : "unknown size";
    String limit =
        system.memoryLimitBytes().isPresent()
            ? "limited to " + Sizes.format(system.memoryLimitBytes().getAsLong())
            : "no limit";
    checkup.ok("memory", machine + ", " + limit);
    checkup.ok("heap", "up to " + Sizes.format(Runtime.getRuntime().maxMemory()) + " (-Xmx)");
    checkup.ok(
        "direct memory",
        Sizes.format(BufferPool.shared().limit())
            + " for data in flight (half of -XX:MaxDirectMemorySize)");
  }

  private void generator() throws IOException {
    checkup.ok(
        "generator",
        GeneratorKernel.name()
            + " kernel, "
            + Units.rate(Generator.RATE)
            + " a thread; "
            + Units.count(GeneratorPool.defaultThreads(), "thread")
            + " for large buffers");
  }

  private void generatorThreads(NumaTopology numa) throws IOException {
    try (GeneratorPool pool = new GeneratorPool()) {
      if (pool.nodes().isEmpty() && numa.nodesToRunOn().size() > 1) {
        checkup.warn("generator numa", pool.placement());
      } else {
        checkup.ok("generator numa", pool.placement());
      }
    }
  }

  private void directIo(Path directory) throws IOException {
    try {
      DirectIo.tryIn(directory);
      checkup.ok("O_DIRECT", "works in " + directory);
    } catch (UnsupportedOperationException | IOException e) {
      String why = e instanceof FileSystemException file ? Messages.why(file) : Messages.of(e);
      checkup.warn(
          "O_DIRECT", "does not work in " + directory + " (" + why + "); use file:// there");
    }
  }

  /** What takes two seconds is done once: a process that looks often finds the same. */
  private static final class Generator {

    /** Bytes a second of one thread. */
    static final double RATE = measured();

    /** Bytes a second, at best: the first tries are made while the JVM still compiles. */
    private static double measured() {
      GeneratedObject object = GeneratorSpec.of(1).object("doctor", Long.MAX_VALUE);
      ByteBuffer buffer = ByteBuffer.allocateDirect(SAMPLE);
      long begun = System.nanoTime();
      long best = Long.MAX_VALUE;
      for (long at = 0; System.nanoTime() - begun < TRIED_NANOS; at += SAMPLE) {
        long start = System.nanoTime();
        object.read(at, buffer.clear());
        best = Math.min(best, System.nanoTime() - start);
      }
      return SAMPLE / (best / 1e9);
    }
  }
}
