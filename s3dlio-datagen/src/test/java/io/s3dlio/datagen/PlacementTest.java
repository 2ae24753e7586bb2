package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.platform.CpuSet;
import io.s3dlio.platform.NumaNode;
import io.s3dlio.platform.SystemInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.opentest4j.TestAbortedException;

/** Who makes which part of a range, and where the kernel says that he runs. */
class PlacementTest {

  private static final int LENGTH = (9 << 20) + 4321;
  private static final long PHASE = 777;

  /** A part that was made, and the CPUs that its maker may run on. */
  record Part(int from, int to, Thread maker, String cpus, List<String> numaMaps) {}

  @Test
  @EnabledOnOs(OS.LINUX)
  void each_nodes_workers_run_there_and_fill_one_share() {
    List<Integer> cpus = twoCpus();
    WorkerPlan plan = new WorkerPlan(List.of(team(0, cpus.get(0), 1), team(1, cpus.get(1), 2)), "");
    List<Part> parts = partsOf(plan, PHASE, LENGTH);

    assertCovered(parts, PHASE, LENGTH);
    int first = (int) parts.stream().filter(p -> p.cpus().equals("" + cpus.get(0))).count();
    assertThat(parts.subList(0, first)).allMatch(p -> p.cpus().equals("" + cpus.get(0)));
    assertThat(parts.subList(first, parts.size())).allMatch(p -> p.cpus().equals("" + cpus.get(1)));
    assertThat(parts.get(first).from()).isBetween(LENGTH / 3 - (64 << 10), LENGTH / 3 + (64 << 10));
    assertThat(parts).allMatch(p -> p.maker().isDaemon());
    assertThat(parts).allMatch(p -> p.maker().getName().startsWith("s3dlio-generator-"));
  }

  /** Else the thread that comes first has the memory of both on its node. */
  @Test
  void large_shares_do_not_meet_within_a_huge_page() {
    WorkerPlan plan = new WorkerPlan(List.of(plain(1), plain(2)), "");
    List<Part> parts = partsOf(plan, 0, 100 << 20);
    assertCovered(parts, 0, 100 << 20);
    // A third is 33.3 MiB.
    List<Part> first = parts.stream().filter(p -> p.from() < 32 << 20).toList();
    List<Part> second = parts.subList(first.size(), parts.size());
    assertThat(first).extracting(Part::maker).containsOnly(first.get(0).maker());
    assertThat(second).extracting(Part::maker).doesNotContain(first.get(0).maker());
    assertThat(second.get(0).from()).isEqualTo(32 << 20);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void forced_workers_are_bound_to_the_only_node() {
    SystemInfo info = SystemInfo.current();
    List<NumaNode> nodes = info.numa().nodesToRunOn();
    if (nodes.isEmpty()) {
      throw new TestAbortedException("this kernel tells of no NUMA nodes");
    }
    NumaNode node = nodes.get(0);
    WorkerPlan plan =
        WorkerPlan.of(info, GeneratorOptions.DEFAULTS.withNumaNode(node.id()).withThreads(2))
            .asFarAsAllowed();
    if (!plan.remark().isEmpty()) {
      throw new TestAbortedException(plan.remark());
    }
    for (Part part : partsOf(plan, 0, LENGTH)) {
      assertThat(part.cpus()).isEqualTo(node.allowedCpus().toString());
      assertThat(part.numaMaps())
          .isNotEmpty()
          .allMatch(line -> line.matches(".* prefer:" + node.id() + "( .*)?"));
    }
  }

  @Test
  void a_buffer_of_the_pool_begins_at_a_page_and_is_zero_and_can_be_filled() {
    GeneratedObject object = GeneratorSpec.of(8).object("placed", LENGTH);
    ByteBuffer expected = ByteBuffer.allocate(LENGTH);
    object.read(0, expected);
    for (NumaMode mode : NumaMode.values()) {
      GeneratorOptions options = GeneratorOptions.DEFAULTS.withThreads(2).withNumaMode(mode);
      try (GeneratorPool pool = new GeneratorPool(options)) {
        ByteBuffer buffer = pool.allocate(LENGTH);
        assertThat(buffer.isDirect()).isTrue();
        assertThat(buffer.capacity()).isEqualTo(LENGTH);
        assertThat(buffer.alignmentOffset(0, SharedWork.HUGE_PAGE)).isZero();
        assertThat(buffer.mismatch(ByteBuffer.allocate(LENGTH))).isEqualTo(-1);
        pool.fill(object, 0, buffer);
        assertThat(buffer.flip().mismatch(expected.duplicate().flip())).isEqualTo(-1);
        assertThat(pool.allocate(0).capacity()).isZero();
        assertThat(pool.allocate(4097).alignmentOffset(0, 4096)).isZero();
      }
    }
  }

  /** Pages that workers touched show as theirs: a caller on another CPU has few faults. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void it_is_the_workers_who_touch_a_buffer_first() {
    List<Integer> cpus = twoCpus();
    WorkerPlan plan = new WorkerPlan(List.of(team(0, cpus.get(0), 1)), "");
    try (GeneratorPool pool = new GeneratorPool(plan)) {
      ByteBuffer warm = pool.allocate(1 << 20);
      pool.fill(GeneratorSpec.of(1).object("k", 1 << 20), 0, warm);
      long before = faultsOfWorkers();
      pool.allocate(64 << 20);
      // Huge pages of 2 MiB at most; small ones are 16,384.
      assertThat(faultsOfWorkers() - before).isGreaterThanOrEqualTo(31);
    }
  }

  @Test
  void a_failure_is_thrown_when_nobody_works_any_more() {
    AtomicInteger atWork = new AtomicInteger();
    CountDownLatch bothBegan = new CountDownLatch(2);
    Workers team = new Workers(plain(2), new AtomicInteger());
    try (team) {
      assertThatThrownBy(
              () ->
                  SharedWork.make(
                      List.of(team),
                      0,
                      LENGTH,
                      (from, to) -> {
                        atWork.incrementAndGet();
                        bothBegan.countDown();
                        awaitOrFail(bothBegan);
                        if (from == 0) {
                          atWork.decrementAndGet();
                          throw new IllegalStateException("broken");
                        }
                        atWork.decrementAndGet();
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("broken");
      assertThat(atWork).hasValue(0);
    }
  }

  @Test
  void what_is_under_way_when_the_pool_closes_is_made_to_its_end() {
    Workers team = new Workers(plain(2), new AtomicInteger());
    team.close();
    ConcurrentLinkedQueue<Part> parts = new ConcurrentLinkedQueue<>();
    SharedWork.make(List.of(team), 0, LENGTH, (from, to) -> parts.add(part(from, to)));
    assertThat(parts).allMatch(p -> p.maker() == Thread.currentThread());
    assertCovered(sorted(parts), 0, LENGTH);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void under_taskset_workers_stay_within_the_mask() throws Exception {
    int cpu = twoCpus().get(1);
    ProcessBuilder builder =
        new ProcessBuilder(
            "taskset",
            "-c",
            "" + cpu,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ShowWorkers.class.getName());
    Process process = builder.redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(said).contains("1 thread on node 0 (CPUs " + cpu + ")").contains("ran on " + cpu);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Runs under a mask. */
  static final class ShowWorkers {
    public static void main(String[] arguments) {
      WorkerPlan plan =
          WorkerPlan.of(
                  SystemInfo.current(), GeneratorOptions.DEFAULTS.withNumaMode(NumaMode.FORCE))
              .asFarAsAllowed();
      System.out.println(plan);
      partsOf(plan, 0, LENGTH).forEach(part -> System.out.println("ran on " + part.cpus()));
    }
  }

  static List<Part> partsOf(WorkerPlan plan, long phase, int length) {
    AtomicInteger number = new AtomicInteger();
    List<Workers> teams = plan.teams().stream().map(t -> new Workers(t, number)).toList();
    ConcurrentLinkedQueue<Part> parts = new ConcurrentLinkedQueue<>();
    SharedWork.make(teams, phase, length, (from, to) -> parts.add(part(from, to)));
    teams.forEach(Workers::close);
    return sorted(parts);
  }

  private static Part part(int from, int to) {
    String cpus =
        lines("/proc/thread-self/status").stream()
            .filter(line -> line.startsWith("Cpus_allowed_list:"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("");
    return new Part(from, to, Thread.currentThread(), cpus, lines("/proc/thread-self/numa_maps"));
  }

  private static List<Part> sorted(Iterable<Part> parts) {
    List<Part> all = new ArrayList<>();
    parts.forEach(all::add);
    all.sort(Comparator.comparing(Part::from));
    return all;
  }

  static void assertCovered(List<Part> parts, long phase, int length) {
    int at = 0;
    for (Part part : parts) {
      assertThat(part.from()).isEqualTo(at);
      assertThat(part.to()).isGreaterThan(at);
      assertThat(at == 0 || (at + phase) % Pages.BLOCK == 0).as("cut at %d", at).isTrue();
      at = part.to();
    }
    assertThat(at).isEqualTo(length);
  }

  private static long faultsOfWorkers() {
    try (var tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks
          .filter(task -> lines(task + "/comm").toString().contains("s3dlio-generato"))
          .mapToLong(task -> minorFaults(lines(task + "/stat").get(0)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Field 10 of proc(5), where the second may hold blanks. */
  private static long minorFaults(String stat) {
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[7]);
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      return List.of(); // another system
    }
  }

  private static void awaitOrFail(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static WorkerPlan.Team plain(int threads) {
    return new WorkerPlan.Team(Optional.empty(), OptionalInt.empty(), threads);
  }

  /** A node that this machine need not have, of a CPU that it has. */
  private static WorkerPlan.Team team(int id, int cpu, int threads) {
    CpuSet one = CpuSet.parse("" + cpu);
    NumaNode node = new NumaNode(id, one, one, OptionalLong.empty(), true, new TreeMap<>());
    return new WorkerPlan.Team(Optional.of(node), OptionalInt.empty(), threads);
  }

  private static List<Integer> twoCpus() {
    List<Integer> cpus = CpuSet.parse(part(0, 0).cpus()).stream().boxed().toList();
    if (cpus.size() < 2) {
      throw new TestAbortedException("two places to run need two CPUs");
    }
    return cpus;
  }
}
