package io.s3dlio.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.platform.Pinning.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.opentest4j.TestAbortedException;

/** What the kernel itself says of threads that were pinned. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
class PinningTest {

  private static final ProcFiles FILES = new ProcFiles(Path.of("/"));
  private static final int PAGE = 64 << 10; // or a part of it

  private final SystemInfo info = SystemInfo.current();

  @Test
  void a_thread_runs_on_its_cpus_and_no_other_thread_is_touched() throws Exception {
    String before = cpusOfThisThread();
    CpuSet last = lastAllowedCpu();
    Outcome done =
        onOwnThread(
            () -> {
              Outcome outcome = Pinning.pin(last, OptionalInt.empty());
              assertThat(cpusOfThisThread()).isEqualTo(last.toString());
              return outcome;
            });
    assertThat(done).isEqualTo(new Outcome(Optional.empty(), Optional.empty()));
    assertThat(cpusOfThisThread()).isEqualTo(before);
    assertThat(Pinning.tryOut(last, OptionalInt.empty())).isEqualTo(done);
    assertThat(cpusOfThisThread()).isEqualTo(before);
  }

  @Test
  void its_memory_comes_from_its_node() throws Exception {
    NumaNode node = node();
    List<String> maps =
        onOwnThread(
            () -> {
              Outcome outcome = Pinning.pin(node.allowedCpus(), OptionalInt.of(node.id()));
              if (outcome.memoryRefused().isPresent()) {
                throw new TestAbortedException(outcome.memoryRefused().get());
              }
              return FILES.lines("/proc/thread-self/numa_maps");
            });
    assertThat(maps)
        .isNotEmpty()
        .allMatch(line -> line.matches(".* prefer:" + node.id() + "( .*)?"));
    assertThat(FILES.lines("/proc/thread-self/numa_maps")).noneMatch(l -> l.contains("prefer"));
  }

  @Test
  void what_the_machine_does_not_have_is_refused_with_a_reason() throws Exception {
    String before = cpusOfThisThread();
    onOwnThread(
        () -> {
          Outcome none = Pinning.pin(CpuSet.parse("100000"), OptionalInt.empty());
          assertThat(none.cpusRefused()).hasValueSatisfying(PinningTest::isInvalidArgument);
          assertThat(none.memoryRefused()).isEqualTo(none.cpusRefused());
          assertThat(cpusOfThisThread()).isEqualTo(before);
          Outcome far = Pinning.pin(lastAllowedCpu(), OptionalInt.of(1000));
          assertThat(far.cpusRefused()).isEmpty();
          assertThat(far.memoryRefused())
              .hasValueSatisfying(why -> assertThat(why).contains("refuses set_mempolicy: "));
          return far;
        });
  }

  private static void isInvalidArgument(String why) {
    assertThat(why).isEqualTo("the system refuses sched_setaffinity: Invalid argument");
  }

  @Test
  void an_interrupt_does_not_end_a_trial_and_is_not_lost() {
    Thread.currentThread().interrupt();
    Outcome outcome = Pinning.tryOut(lastAllowedCpu(), OptionalInt.empty());
    assertThat(Thread.interrupted()).isTrue();
    assertThat(outcome.cpusRefused()).isEmpty();
  }

  @Test
  void whole_pages_of_a_buffer_are_forgotten_and_nothing_beside_them() {
    ByteBuffer memory = ByteBuffer.allocateDirect(8 * PAGE).alignedSlice(PAGE);
    while (memory.hasRemaining()) {
      memory.put((byte) 1);
    }
    ByteBuffer part = memory.slice(PAGE - 3, 3 + 2 * PAGE + 5).position(7);
    assertThat(Pinning.forgetPages(part)).isEmpty();
    assertThat(part.position()).isEqualTo(7);
    for (int i = 0; i < memory.capacity(); i++) {
      assertThat(memory.get(i))
          .as("byte %d", i)
          .isEqualTo((byte) (i / PAGE == 1 || i / PAGE == 2 ? 0 : 1));
    }
    assertThat(Pinning.forgetPages(memory.slice(1, 100))).as("less than a page").isEmpty();
    assertThat(memory.get(1)).isEqualTo((byte) 1);
  }

  @Test
  void without_jna_nothing_is_done_and_the_answer_says_why() throws Exception {
    assertThat(OtherProcess.withoutJna(WithoutJna.class).run())
        .isEqualTo("JNA (net.java.dev.jna:jna) is not on the class path or does not load");
  }

  /** Runs where there is nothing but this module. */
  static final class WithoutJna {
    public static void main(String[] arguments) {
      Outcome outcome = Pinning.tryOut(CpuSet.parse("0"), OptionalInt.of(0));
      Optional<String> forgotten = Pinning.forgetPages(ByteBuffer.allocateDirect(1 << 20));
      boolean same =
          outcome.cpusRefused().equals(outcome.memoryRefused())
              && outcome.cpusRefused().equals(forgotten);
      System.out.print(same ? forgotten.orElse("done") : outcome);
    }
  }

  private NumaNode node() {
    return info.numa().nodesToRunOn().stream()
        .findFirst()
        .orElseThrow(() -> new TestAbortedException("this kernel tells of no NUMA nodes"));
  }

  private CpuSet lastAllowedCpu() {
    CpuSet allowed = ProcFiles.cpuList(cpusOfThisThread());
    return CpuSet.parse("" + allowed.stream().max().orElseThrow());
  }

  static String cpusOfThisThread() {
    try {
      return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
          .filter(line -> line.startsWith("Cpus_allowed_list:"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T onOwnThread(Supplier<T> action) throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    try {
      Future<T> done = one.submit(action::get);
      return done.get(1, TimeUnit.MINUTES);
    } finally {
      one.shutdownNow();
    }
  }
}
