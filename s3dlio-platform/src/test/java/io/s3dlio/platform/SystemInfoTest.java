package io.s3dlio.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers for recorded machines and containers, and for this one. */
class SystemInfoTest {

  private static final OptionalDouble NO_QUOTA = OptionalDouble.empty();
  private static final OptionalLong NO_LIMIT = OptionalLong.empty();
  private static final int SEEN_BY_JAVA = Runtime.getRuntime().availableProcessors();

  @TempDir Path root;

  @Test
  void a_machine_without_limits_gives_all_its_cpus_and_memory() {
    SystemInfo info = recorded("bare-metal-v2");
    assertThat(info).isEqualTo(limits(48, 48, NO_QUOTA, kib(263_855_396), NO_LIMIT));
    assertThat(info.usableCpus()).isEqualTo(48);
  }

  @Test
  void a_containers_quota_is_rounded_up_to_whole_cpus() {
    SystemInfo info = recorded("docker-v2");
    assertThat(info)
        .isEqualTo(
            limits(16, 16, OptionalDouble.of(2.5), kib(65_673_416), OptionalLong.of(2L << 30)));
    assertThat(info.usableCpus()).isEqualTo(3);
  }

  @Test
  void the_smallest_limit_on_the_way_up_counts() {
    SystemInfo info = recorded("systemd-slice-v2");
    assertThat(info)
        .isEqualTo(
            limits(8, 4, OptionalDouble.of(1.5), kib(32_673_416), OptionalLong.of(1L << 30)));
    assertThat(info.usableCpus()).isEqualTo(2);
  }

  @Test
  void version_1_seen_from_inside_a_container_and_never_below_one_cpu() {
    SystemInfo info = recorded("kubernetes-v1");
    assertThat(info)
        .usingRecursiveComparison()
        .ignoringFields("deployment")
        .isEqualTo(
            limits(32, 4, OptionalDouble.of(0.5), kib(131_861_108), OptionalLong.of(8L << 30)));
    assertThat(info.deployment().kind()).isEqualTo(Deployment.Kind.CONTAINER);
    assertThat(info.usableCpus()).isEqualTo(1);
  }

  @Test
  void version_1_and_2_side_by_side_without_limits() {
    SystemInfo info = recorded("hybrid-unlimited");
    assertThat(info).isEqualTo(limits(2, 2, NO_QUOTA, kib(24_684_092), NO_LIMIT));
  }

  @Test
  void a_group_outside_of_the_namespace_leaves_the_limits_of_the_mount() {
    SystemInfo info = recorded("outside-namespace-v2");
    assertThat(info).isEqualTo(limits(8, 8, OptionalDouble.of(3), kib(32_673_416), NO_LIMIT));
  }

  @Test
  void a_mount_of_a_part_of_the_tree_with_a_blank_in_its_name() {
    SystemInfo info = recorded("nested-namespace-v2");
    assertThat(info)
        .isEqualTo(
            limits(
                128, 128, OptionalDouble.of(16), kib(1_056_317_416L), OptionalLong.of(64L << 30)));
    assertThat(info.usableCpus()).isEqualTo(16);
  }

  @Test
  void damaged_files_are_passed_over() {
    assertThat(recorded("damaged"))
        .isEqualTo(limits(SEEN_BY_JAVA, SEEN_BY_JAVA, NO_QUOTA, OptionalLong.empty(), NO_LIMIT));
  }

  @Test
  void without_any_file_java_is_asked() {
    assertThat(SystemInfo.read(root))
        .isEqualTo(limits(SEEN_BY_JAVA, SEEN_BY_JAVA, NO_QUOTA, OptionalLong.empty(), NO_LIMIT));
  }

  @Test
  void this_machine_has_a_cpu() {
    SystemInfo info = SystemInfo.current();
    assertThat(info.usableCpus()).isBetween(1, info.allowedCpus());
    assertThat(info.allowedCpus()).isLessThanOrEqualTo(info.onlineCpus());
  }

  private static OptionalLong kib(long kibibytes) {
    return OptionalLong.of(kibibytes << 10);
  }

  private SystemInfo recorded(String name) {
    return new RecordedMachine(root).recorded(name).read();
  }

  /** What is known of machines whose nodes and kind nobody recorded. */
  private static SystemInfo limits(
      int online, int allowed, OptionalDouble quota, OptionalLong memory, OptionalLong limit) {
    return new SystemInfo(
        online,
        allowed,
        OptionalInt.empty(),
        quota,
        memory,
        limit,
        NumaTopology.UNKNOWN,
        new Deployment(Deployment.Kind.UNKNOWN, "no file tells"));
  }
}
